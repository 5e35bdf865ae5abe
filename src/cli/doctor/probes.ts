/** Looks at this machine, by trying things rather than by guessing from names of systems. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { type LibraryStack, libraryStacks } from '../../iut/library/library-stack.js';
import { LabError } from '../../net/lab/command.js';
import { createLab } from '../../net/lab/lab.js';
import { findPrivilege, inUserNamespace, type Privilege } from '../../net/lab/privilege.js';
import { loadCap } from '../../net/link/libpcap/loader.js';
import { LinkError } from '../../net/link/link.js';
import { missingBuildTools } from './build-tools.js';
import { isNodeRecentEnough, leastNode, type Thing, type ThingId } from './examination.js';

/** Examines everything; takes about a fifth of a second. */
export const examineMachine = async (): Promise<readonly Thing[]> => {
  const privilege = await findPrivilege();
  return [
    node(),
    await binding(),
    compiler(),
    program('ip', ['-Version'], 'iproute2', 'makes the lab'),
    program('ethtool', ['--version'], 'ethtool', 'turns offloads off on live interfaces'),
    program('nsenter', ['--version'], 'util-linux', "enters the lab's namespaces"),
    program('python3', ['--version'], 'python3', "runs the control program of the kernel's end (lab:linux)"),
    describePrivilege(privilege),
    await lab(privilege),
    mptcp(),
    program('pasta', ['--version'], 'passt', 'a TCP stack in user space (lab:passt); nothing else needs it'),
    program('slirp4netns', ['--version'], 'slirp4netns', 'another one (lab:slirp4netns); nothing else needs it'),
    ...libraryStacks.map(library),
    ...virtualMachine(),
    program('tshark', ['--version'], 'tshark', 'second opinion (tests, --cross-check); not needed to run'),
    program('tcpdump', ['--version'], 'tcpdump', 'second opinion in the tests; not needed to run'),
    scapy(),
  ];
};

const node = (): Thing => {
  const there = isNodeRecentEnough(process.version);
  const thing = { id: 'node', there, found: process.version, purpose: 'runs everything' } as const;
  return there ? thing : { ...thing, remedy: `install Node ${leastNode} or later` };
};

const binding = async (): Promise<Thing> => {
  const purpose = 'captures and injects on live interfaces';
  try {
    await loadCap();
    return { id: 'cap', there: true, found: 'cap and libpcap load', purpose };
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    const packages = missingBuildTools();
    const first = packages.length === 0 ? '' : `apt-get install ${packages.join(' ')} && `;
    return { id: 'cap', there: false, found: error.message, purpose, remedy: `${first}${error.remedy}` };
  }
};

/** Needed only where cap is yet to be built. */
const compiler = (): Thing => {
  const missing = missingBuildTools();
  const purpose = 'builds cap; not needed once that is there';
  return missing.length === 0
    ? { id: 'compiler', there: true, found: 'g++, make, python3, npm and the headers of libpcap', purpose }
    : {
        id: 'compiler',
        there: false,
        found: `no ${missing.join(', no ')}`,
        purpose,
        remedy: `apt-get install ${missing.join(' ')}`,
      };
};

const program = (id: ThingId, argv: readonly string[], debian: string, purpose: string, name: string = id): Thing => {
  const found = firstLine(name, argv);
  return found === undefined
    ? { id, there: false, found: 'not installed', purpose, remedy: `apt-get install ${debian}` }
    : { id, there: true, found, purpose };
};

/** A library is not a program: its package tells that it is there, and it takes a compiler. */
const library = ({ name, debian }: LibraryStack): Thing => {
  const purpose = `a TCP stack that is a library (lab:${name}); nothing else needs it`;
  const missing = debian.filter((each) => firstLine('dpkg-query', ['--show', each]) === undefined);
  return missing.length === 0
    ? {
        id: name,
        there: true,
        found: (firstLine('dpkg-query', ['--show', debian[0]]) ?? '').replace('\t', ' '),
        purpose,
      }
    : {
        id: name,
        there: false,
        found: `no ${missing.join(', no ')}`,
        purpose,
        remedy: `apt-get install ${missing.join(' ')}`,
      };
};

const describePrivilege = (privilege: Privilege): Thing => {
  const purpose = 'network namespaces and raw frames';
  switch (privilege.privilege) {
    case 'root':
      return { id: 'privilege', there: true, found: 'all capabilities that are needed', purpose };
    case 'userns':
      return { id: 'privilege', there: true, found: 'none, but user namespaces give it', purpose };
    case 'none':
      return { id: 'privilege', there: false, found: privilege.why, purpose, remedy: privilege.remedy };
  }
};

/** Makes a lab and takes it down again, inside a user namespace if that is the way. */
const lab = async (privilege: Privilege): Promise<Thing> => {
  const purpose = 'where lab:linux and lab:reference live';
  const there = { id: 'lab', there: true, found: 'a lab was made and taken down', purpose } as const;
  try {
    switch (privilege.privilege) {
      case 'none':
        return { id: 'lab', there: false, found: 'needs privilege', purpose, remedy: privilege.remedy };
      case 'userns':
        return tryNested()
          ? there
          : { id: 'lab', there: false, found: 'none can be made without root', purpose, remedy: 'run as root' };
      case 'root':
        await (await createLab({ paths: 1, iut: 'kernel' })).remove();
        return there;
    }
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { id: 'lab', there: false, found: error.message, purpose, remedy: error.remedy };
  }
};

const tryNested = (): boolean => {
  const module = JSON.stringify(new URL('../../net/lab/lab.js', import.meta.url).href);
  const script = `const { createLab } = await import(${module}); await (await createLab({ paths: 1, iut: 'kernel' })).remove();`;
  const [unshare, argv] = inUserNamespace([process.execPath, '--input-type=module', '-e', script]);
  return spawnSync(unshare, argv, { stdio: 'ignore' }).status === 0;
};

const mptcp = (): Thing => {
  const purpose = 'the implementation of lab:linux';
  const remedy = 'use a kernel that was built with CONFIG_MPTCP=y (Debian 11 and later have it)';
  const file = '/proc/sys/net/mptcp/enabled';
  if (!existsSync(file)) return { id: 'mptcp', there: false, found: 'not in this kernel', purpose, remedy };
  // The lab switches it on in its own namespace, whatever it is here.
  const here = readFileSync(file, 'latin1').trim() === '1' ? 'on' : 'off here, on in the lab';
  return { id: 'mptcp', there: true, found: `in this kernel, ${here}`, purpose };
};

/** What boots another kernel, and what goes into its guest. */
const virtualMachine = (): readonly Thing[] => [
  program('qemu', ['--version'], 'qemu-system-x86', 'boots other kernels (vm:KERNEL)', 'qemu-system-x86_64'),
  program('busybox', ['--help'], 'busybox-static', 'goes into their machine (vm:KERNEL)'),
  staticCompiler(),
  mayUse('/dev/net/tun', { id: 'tun', purpose: 'carries frames to the machine (vm:KERNEL)', remedy: 'modprobe tun' }),
  mayUse('/dev/kvm', { id: 'kvm', purpose: 'makes the machine faster, where a kernel runs with it (vm:KERNEL)' }),
];

const staticCompiler = (): Thing => {
  const about = { id: 'static-cc', purpose: 'builds the control program of the machine (vm:KERNEL)' } as const;
  // Where the compiler does not find the library it answers with the bare name.
  const library = firstLine('gcc', ['-print-file-name=libc.a']);
  return library?.startsWith('/')
    ? { ...about, there: true, found: 'gcc, and a C library for static programs' }
    : { ...about, there: false, found: 'no gcc, or no static C library', remedy: 'apt-get install gcc libc6-dev' };
};

const mayUse = (device: string, { remedy, ...about }: Pick<Thing, 'id' | 'purpose' | 'remedy'>): Thing => {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return { ...about, there: true, found: `${device} may be used` };
  } catch {
    const found = `no ${device} that this user may use`;
    return { ...about, there: false, found, ...(remedy === undefined ? {} : { remedy }) };
  }
};

const scapy = (): Thing => {
  const purpose = 'peer in the benchmark; not needed to run';
  const found = firstLine('/usr/bin/python3', ['-c', 'import scapy; print("scapy", scapy.VERSION)']);
  return found === undefined
    ? { id: 'scapy', there: false, found: 'not installed', purpose, remedy: 'apt-get install python3-scapy' }
    : { id: 'scapy', there: true, found, purpose };
};

/** The first line that a program prints; `undefined` when it is missing or fails. */
const firstLine = (name: string, argv: readonly string[]): string | undefined => {
  const { status, stdout, stderr } = spawnSync(name, argv, { encoding: 'utf8' });
  return status === 0 ? (stdout || stderr).split('\n')[0]?.trim() : undefined;
};
