/** The file server for trying out: what it serves, what it refuses, and clients that close their side first. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFileServer } from './file-server.js';

const content = Buffer.alloc(300_000, 'RobE! ');

describe('the file server', () => {
  let directory: string;
  let server: ReturnType<typeof createFileServer>;
  before((done) => {
    directory = mkdtempSync(join(tmpdir(), 'file-server-'));
    writeFileSync(join(directory, 'file.bin'), content);
    server = createFileServer(directory).listen(0, '127.0.0.1', done);
  });
  after((done) => {
    server.close(() => {
      rmSync(directory, { recursive: true });
      done();
    });
  });

  /** Says a request and nothing more; ends its side at once or not at all. */
  const ask = (head: string, halfCloses: boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      const got: Buffer[] = [];
      socket.on('data', (octets) => got.push(octets));
      socket.on('end', () => {
        socket.end();
        resolve(Buffer.concat(got).toString('latin1'));
      });
      socket.on('error', reject);
      socket.write(`${head} HTTP/1.1\r\nhost: files\r\n${halfCloses ? '' : 'connection: close\r\n'}\r\n`);
      if (halfCloses) socket.end();
    });

  for (const halfCloses of [false, true]) {
    it(`answers a client that ${halfCloses ? 'has said all and closes its side' : 'keeps its side open'}`, async () => {
      const answer = await ask('GET /file.bin', halfCloses);
      expect(answer).to.match(/^HTTP\/1\.1 200 /);
      expect(answer.endsWith(`\r\n\r\n${content.toString('latin1')}`)).to.equal(true);
    });
  }

  for (const [head, status] of [
    ['GET /none.bin', 404],
    ['GET /..%2f..%2fetc%2fpasswd', 404],
    ['POST /file.bin', 405],
    ['HEAD /file.bin', 200],
  ] as const) {
    it(`${head}: ${status}`, async () => {
      expect(await ask(head, true)).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
    });
  }
});
