/**
 * `robe lab vm KERNEL`: another kernel in a virtual machine that stays until Ctrl-C, with its console here, its control port as a Unix
 * socket, and an IUT file by which runs inside the tester's namespace meet it without another boot.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { UsageError } from '../../conduct/usage-error.js';
import type { ControlChannel } from '../../iut/control/shim-control.js';
import { bootGuest } from '../../iut/vm/boot-guest.js';
import { readVmRequest } from '../../iut/vm/vm-request.js';
import { realClock } from '../../net/clock/real.js';
import { LabError } from '../../net/lab/command.js';
import { createLab, type Lab } from '../../net/lab/lab.js';
import { nobody } from '../../net/lab/namespace-name.js';
import { onInterrupt } from '../signals.js';

export interface MachineRequest {
  /** As after `vm:`. */
  readonly kernel: string;
  readonly name: string;
  /** The IUT file to write. */
  readonly write: string;
}

/** Settles when the machine is gone and the lab with it. */
export const keepMachine = async ({ kernel, name, write }: MachineRequest): Promise<void> => {
  const request = readVmRequest(kernel);
  const lab = await createLab({ paths: request.paths, iut: 'machine', tag: name, owner: nobody });
  const socket = `/run/robe-${name}.sock`;
  try {
    const { machine, kernel: found } = await bootGuest(request, {
      clock: realClock(),
      lab,
      environment: process.env,
      keep: (octets) => process.stdout.write(octets),
      ends: () => false,
    });
    const server = await serve(machine.channel, socket);
    writeDeclaration(resolve(write), kernel, socket, lab);
    for (const remark of machine.remarks) process.stderr.write(`robe: ${remark}\n`);
    process.stderr.write(
      `robe: ${found.release ?? found.image} is up; in another terminal: robe lab exec tb --name ${name} -- robe run --iut ${write}\n` +
        'robe: Ctrl-C takes it down\n',
    );
    await Promise.race([machine.channel.gone, interrupted()]);
    server.close();
    await machine.channel.close();
  } finally {
    rmSync(socket, { force: true });
    await lab.remove();
  }
};

const interrupted = (): Promise<void> =>
  new Promise((settle) => {
    const release = onInterrupt(() => {
      release();
      settle();
    });
  });

/** One tester after the other; a second one at the same time is turned away. */
const serve = (channel: ControlChannel, path: string): Promise<Server> => {
  let present: Socket | undefined;
  channel.output.on('data', (octets: Uint8Array) => present?.write(octets));
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (present !== undefined) {
      socket.destroy();
      return;
    }
    present = socket;
    socket.on('data', (octets) => channel.input.write(octets));
    socket.on('close', () => {
      present = undefined;
    });
  });
  return new Promise((listening, failed) => {
    server.once('error', (error) => failed(new LabError(`the control socket ${path}: ${error.message}`, `rm ${path}`)));
    server.listen(path, () => listening(server));
  });
};

const writeDeclaration = (file: string, kernel: string, socket: string, { paths, facts }: Lab): void => {
  const versions = (each: { readonly 4: string; readonly 6: string }) => ({ ipv4: each[4], ipv6: each[6] });
  const declared = {
    name: `vm:${kernel}`,
    claims: { roles: ['server', 'client'], versions: [1], profiles: ['tcp', 'mptcp-v1'] },
    paths: paths.map(({ tester, iut, iutAddress, testerPrefix }) => ({
      interface: tester.device,
      address: versions(iutAddress),
      mac: iut.mac,
      tester: versions(testerPrefix),
    })),
    server: { address: versions(facts.server.address), port: facts.server.port, closed: facts.closedPort },
    'tester-server': versions(facts.testerServerPrefix),
    control: { socket },
  };
  try {
    writeFileSync(file, stringify(declared));
  } catch (cause) {
    throw new UsageError([
      `the IUT file cannot be written: ${cause instanceof Error ? cause.message : String(cause)}; name another with --write`,
    ]);
  }
};
