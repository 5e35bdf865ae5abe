/** The IUT files and hook commands that ship as examples: read without a problem, and hooks that do what they say. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { realClock } from '../net/clock/real.js';
import { reviewClaims } from '../suite/catalogue/claims-review.js';
import type { ControlAnswer, ControlCommand } from '../suite/scenario/contract.js';
import { controlByHooks } from './control/hooks.js';
import { openTransport } from './control/transport.js';
import { readIutFile } from './iut-file.js';
import { remoteSubject } from './remote.js';

const folder = fileURLToPath(new URL('../../fixtures/iut', import.meta.url));

describe('example IUT files', () => {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.yaml')))
    it(`${name} is read, and its claims fit together`, () => {
      const read = readIutFile({ file: name, text: readFileSync(join(folder, name), 'utf8') });
      if ('problems' in read)
        throw new Error(read.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
      const { claims } = remoteSubject(read.file);
      expect(reviewClaims(claims).filter(({ status }) => status === 'unmet')).to.deep.equal([]);
    });
});

describe('example hooks', function () {
  this.timeout(180_000);
  const verbs = ['connect', 'send', 'close', 'abort', 'info', 'health', 'accepted'] as const;
  const hooks = Object.fromEntries(verbs.map((verb) => [verb, ['python3', join(folder, 'user-stack.py'), verb]]));

  it('connect, send, close, abort, and say what they cannot', async () => {
    const clock = realClock();
    const control = controlByHooks(
      hooks,
      clock,
      5_000_000_000n,
      await openTransport({ kind: 'local' }, clock, process.env),
    );
    const perform = (command: ControlCommand): Promise<ControlAnswer> =>
      new Promise((resolve) => control.perform(command, resolve));
    const heard: string[] = [];
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.setEncoding('utf8').on('data', (text: string) => heard.push(text));
      socket.on('end', () => heard.push('end')).on('error', () => heard.push('reset'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const where = server.address();
    if (where === null || typeof where === 'string') throw new Error('no port');
    const connection = `example ${process.pid}`;
    const to = { address: '127.0.0.1', port: where.port };
    const done = { answer: 'ok', result: {} } as const;
    const until = async (wished: string): Promise<void> => {
      while (!heard.join('').includes(wished)) await new Promise((resolve) => setTimeout(resolve, 5));
    };

    expect(await perform({ verb: 'connect', connection, to, paths: [1] })).to.deep.equal(done);
    expect(await perform({ verb: 'send', connection, octets: Buffer.from('RobE!') })).to.deep.equal(done);
    await until('RobE!');
    expect(await perform({ verb: 'info', connection })).to.deep.equal({
      answer: 'ok',
      result: { received: 0, error: 0 },
    });
    expect(await perform({ verb: 'close', connection })).to.deep.equal(done);
    await until('end');
    expect(await perform({ verb: 'abort', connection })).to.deep.equal(done);
    const gone = await perform({ verb: 'send', connection, octets: Buffer.from('x') });
    expect(gone.answer === 'failed' && gone.why).to.contain(`no connection ${connection}`);
    expect(await perform({ verb: 'connect', connection, to, paths: [1, 2] })).to.deep.equal({ answer: 'unsupported' });
    expect(await perform({ verb: 'accepted', from: ['127.0.0.1'] })).to.deep.equal({ answer: 'unsupported' });
    expect(await perform({ verb: 'health' })).to.deep.equal(done);
    for (const socket of sockets) socket.destroy();
    server.close();
    await control.close();
  });
});
