import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const program = fileURLToPath(new URL('main.js', import.meta.url));

const handshake = (answer: string): string => `
- id: mine.server.handshake
  title: A listener answers a SYN
  requirements: [RFC9293-3.10.7-01]
  role: server
  profiles: [tcp]
  ip: 4
  steps:
    - send: {on: 1, segment: SYN}
    - expect: {on: 1, segment: ${answer}}
`;

describe('robe run FILE --watch', function () {
  this.timeout(180_000);

  it('judges at every save, says where a file is wrong, and begins with the guilty case', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'robe-watch-'));
    const file = join(folder, 'mine.yaml');
    writeFileSync(file, handshake('SYN/ACK'));
    const words = ['run', './mine.yaml', '--watch', '--iut', 'embedded:tcp', '--out', 'out'];
    const child = spawn(process.execPath, [program, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    /** What was said until it waits for a save; what comes next is another saying. */
    const until = async (end: string): Promise<string> => {
      while (!said.includes(end)) await new Promise((resolve) => setTimeout(resolve, 20));
      const heard = said;
      said = '';
      return heard;
    };
    try {
      expect(await until('Ctrl-C ends.'))
        .to.contain('1 case in')
        .and.to.contain('The gate holds');
      writeFileSync(file, handshake('SYN/ACK, flagz: 3'));
      expect(await until('Ctrl-C ends.')).to.match(
        /robe: mine\.yaml:10:41: .*unknown key "flagz", did you mean "flags"\?/,
      );
      writeFileSync(file, handshake('RST'));
      expect((await until('Ctrl-C ends.')).trimStart()).to.match(
        /^FAIL MUST RFC9293-3\.10\.7-01 .*\n +what +Expected RST on 1, got SYN\/ACK.*\n(.*\n)* +step +.*mine\.yaml:10:\d+\n +see +robe show out\/evidence\/mine\.server\.handshake\n/,
      );
      writeFileSync(file, handshake('SYN/ACK'));
      expect(await until('Ctrl-C ends.')).to.contain('The gate holds');
    } finally {
      child.kill('SIGINT');
      await once(child, 'close');
      rmSync(folder, { recursive: true });
    }
  });
});
