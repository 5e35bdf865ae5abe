/**
 * A lab: two network namespaces on this machine, joined by one veth pair for each path. In one (`tb`) no kernel owns an
 * address: the tester's packets come and go through libpcap. In the other (`iut`) either the kernel is the implementation
 * under test, with addresses, source routing and MPTCP; or the kernel is as silent as the tester's, and a process is the
 * implementation.
 *
 * The process that creates a lab removes it, also on failure and on a signal. After a kill -9 the next start sweeps it
 * (`sweep.ts`): the names of the namespaces identify its owner.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { command, LabError } from './command.js';
import { type KernelTuning, tuningScript } from './kernel-tuning.js';
import { factsOf, type LabFacts, type LabPath, layOutPath, mostPaths } from './layout.js';
import { type LabNamespaces, type LabOwner, nameNamespaces, type Side, thisProcess } from './namespace-name.js';
import { creationBatch, endpointBatch, kernelScript, machineBatch, silentScript, tapScript } from './setup.js';
import { listNamespaces, removeNamespaces } from './sweep.js';

export interface LabPlan {
  /** Number of paths, 1 to 4. */
  readonly paths: number;
  /**
   * The IUT's end: the kernel itself; a process on an end whose kernel is silent; or a virtual machine, for which the
   * tester's ends are tap devices that wait for it.
   */
  readonly iut: 'kernel' | 'process' | 'machine';
  /** If the IUT's end is a kernel: its settings that differ from the default. */
  readonly tuning?: KernelTuning;
  /** Part of the namespaces' names; counted when absent. */
  readonly tag?: string;
  /** This process when absent. */
  readonly owner?: LabOwner;
}

export interface Lab {
  readonly namespaces: LabNamespaces;
  readonly paths: readonly LabPath[];
  readonly facts: LabFacts;
  /** Starts a process inside one of the namespaces. */
  exec(side: Side, argv: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Lets the IUT's kernel open further subflows from its addresses on path 2 and above, when it is a client. */
  allowSubflows(): Promise<void>;
  /** Kills every process inside and removes the lab. May be called again. */
  remove(): Promise<void>;
}

let created = 0;

/** Creates a lab; throws a LabError, and leaves nothing behind, if the machine does not permit it. */
export const createLab = async (plan: LabPlan): Promise<Lab> => {
  const { namespaces, paths } = layOut(plan);
  const lab = attach(namespaces, paths);
  if (listNamespaces().some(({ name }) => name === namespaces.tb || name === namespaces.iut)) {
    throw new LabError(`the lab ${namespaces.tb} is already there`, `robe lab down --name ${plan.tag ?? created}`);
  }
  try {
    const silentTester = silentScript(paths.map(({ tester }) => tester.device));
    if (plan.iut === 'machine') {
      await command('ip', ['-batch', '-'], machineBatch(namespaces));
      await command(...within(namespaces.tb, ['sh', '-e']), tapScript(paths) + silentTester);
      return lab;
    }
    await command('ip', ['-batch', '-'], creationBatch(namespaces, paths));
    const iutEnd =
      plan.iut === 'kernel'
        ? kernelScript(paths) + (plan.tuning === undefined ? '' : tuningScript(paths, plan.tuning))
        : silentScript(paths.map(({ iut }) => iut.device));
    await Promise.all([
      command(...within(namespaces.tb, ['sh', '-e']), silentTester),
      command(...within(namespaces.iut, ['sh', '-e']), iutEnd),
    ]);
    return lab;
  } catch (error) {
    await lab.remove();
    throw error;
  }
};

/** The lab that already has these namespaces. */
export const attachLab = (namespaces: LabNamespaces, paths: number): Lab =>
  attach(
    namespaces,
    Array.from({ length: paths }, (_, index) => layOutPath(index + 1)),
  );

const layOut = (plan: LabPlan): { readonly namespaces: LabNamespaces; readonly paths: readonly LabPath[] } => {
  if (!Number.isInteger(plan.paths) || plan.paths < 1 || plan.paths > mostPaths) {
    throw new LabError(`a lab has 1 to ${mostPaths} paths, not ${plan.paths}`, `ask for 1 to ${mostPaths}`);
  }
  created += 1;
  return {
    namespaces: nameNamespaces(plan.owner ?? thisProcess(), plan.tag ?? String(created)),
    paths: Array.from({ length: plan.paths }, (_, index) => layOutPath(index + 1)),
  };
};

const attach = (namespaces: LabNamespaces, paths: readonly LabPath[]): Lab => {
  const children = new Set<ChildProcess>();
  return {
    namespaces,
    paths,
    facts: factsOf(paths),
    exec(side, argv, options = {}) {
      const [program, all] = within(namespaces[side], argv);
      const child = spawn(program, all, options);
      children.add(child);
      child.once('exit', () => children.delete(child));
      return child;
    },
    async allowSubflows() {
      await command('ip', ['-n', namespaces.iut, '-batch', '-'], endpointBatch(paths));
    },
    async remove() {
      // A process that has just been started is not inside yet, and would not be found there.
      for (const child of children) child.kill('SIGKILL');
      await removeNamespaces([namespaces.tb, namespaces.iut]);
    },
  };
};

/**
 * The command line that runs another one inside a namespace. `nsenter` rather than `ip netns exec`, which would also
 * remount /sys: 3 ms instead of 13, and it works without root inside a user namespace. So /sys there shows the devices
 * of another namespace; what is read about interfaces is read from /proc and `ip`.
 */
const within = (namespace: string, argv: readonly string[]): [string, readonly string[]] => [
  'nsenter',
  [`--net=/run/netns/${namespace}`, '--', ...argv],
];
