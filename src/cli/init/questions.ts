/** Asks a person at a terminal for what an IUT file needs: one question a line, with an answer to accept and a reason when it cannot be taken. */
import { createInterface } from 'node:readline/promises';
import { UsageError } from '../../conduct/usage-error.js';
import { type Answers, type ControlAnswer, readPath, type TransportAnswer, usualProfiles } from './declaration.js';
import { kindFrom, kindsFor } from './host-kinds.js';
import { portFrom, rolesFrom, versionsFrom, wordsFrom } from './read-answer.js';

/** What was asked was not answered: the terminal was closed. */
class Unanswered extends UsageError {
  constructor() {
    super(['nothing was written: the questions were not answered']);
  }
}

/** A value, or the sentence that says why the text is none. */
type Reading<T> = T | string;
type Read<T> = (text: string) => Reading<T>;

/** Throws Unanswered at the end of the input. */
export const askForAnswers = async (input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<Answers> => {
  const lines = createInterface({ input, output });
  const closed = new AbortController();
  lines.once('close', () => closed.abort());
  const ask = async <T extends object | number>(question: string, usual: string, read: Read<T>): Promise<T> => {
    for (;;) {
      const prompt = usual === '' ? `${question}: ` : `${question} [${usual}]: `;
      const text = await lines.question(prompt, { signal: closed.signal }).catch(() => {
        throw new Unanswered();
      });
      const value = read(text.trim() === '' ? usual : text.trim());
      if (typeof value !== 'string') return value;
      output.write(`  ${value}\n`);
    }
  };
  const askText = async (question: string, usual: string): Promise<string> =>
    (await ask(question, usual, (text) => (text === '' ? 'something is needed here' : { text }))).text;
  try {
    const name = await askText('Name, as reports shall call it', 'my-stack');
    const roles = await ask('Roles under test (server, client)', 'server', rolesFrom);
    const versions = await ask('MPTCP versions (0, 1; none for a plain TCP host)', '1', versionsFrom);
    const profiles = await ask(
      'Profiles, with robe-… for what it implements',
      usualProfiles(versions).join(' '),
      wordsFrom,
    );
    const parameters: (readonly [string, string])[] = [];
    for (const kind of kindsFor(roles, versions)) {
      const [usual = ''] = kind.values;
      const { value } = await ask(`${kind.question} (${kind.values.join(', ')})`, usual, kindFrom(kind));
      if (value !== usual) parameters.push([kind.parameter, value]);
    }
    const paths = [
      await ask('Path 1: INTERFACE ITS-ADDRESS TESTER-PREFIX, as eth1 192.0.2.1 192.0.2.128/25', '', readPath),
    ];
    for (;;) {
      const more = await ask(`Path ${paths.length + 1} (empty: no more)`, '', (text) =>
        text === '' ? { end: true as const } : readPath(text),
      );
      if ('end' in more) break;
      paths.push(more);
    }
    const port = await ask('Port at which it listens', '80', portFrom);
    const closedPort = await ask('Port at which nothing does', String(port + 1), portFrom);
    const control = await ask(
      'Control: none, "shim COMMAND …", "socket HOST:PORT" or "connect COMMAND …"',
      'none',
      controlFrom,
    );
    const transport: TransportAnswer =
      control.kind === 'none' || control.kind === 'socket'
        ? { kind: 'local' }
        : await ask('Its commands run: local, "netns NAME" or "ssh HOST"', 'local', transportFrom);
    return { name, roles, versions, profiles, parameters, paths, port, closed: closedPort, control, transport };
  } finally {
    lines.close();
  }
};

const controlFrom = (text: string): Reading<ControlAnswer> => {
  const [kind, ...command] = text.split(/\s+/);
  const [place] = command;
  if (kind === 'none') return { kind };
  if (place === undefined) return 'expected none, or a word and what belongs to it, as: shim python3 linux-mptcp.py';
  switch (kind) {
    case 'shim':
      return { kind, command };
    case 'socket':
      return { kind, place };
    case 'connect':
      return { kind: 'hooks', hooks: { connect: command } };
    default:
      return `expected none, shim, socket or connect, got ${kind}`;
  }
};

const transportFrom = (text: string): Reading<TransportAnswer> => {
  const [kind, where] = text.split(/\s+/);
  if (kind === 'local') return { kind };
  if (where === undefined) return 'expected local, "netns NAME" or "ssh HOST"';
  if (kind === 'netns') return { kind, name: where };
  if (kind === 'ssh') return { kind, host: where };
  return `expected local, netns or ssh, got ${kind}`;
};
