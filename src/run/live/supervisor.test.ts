import { spawn } from 'node:child_process';
import { expect } from 'chai';
import type { RunnerJob, RunnerReport } from './runner-messages.js';
import { type SupervisedEnd, supervise } from './supervisor.js';

const job: RunnerJob = {
  iut: 'x',
  subject: 'x',
  cases: '[]',
  seed: 's',
  jobs: 1,
  attempt: 1,
  keep: 'red',
  out: '.',
  evidence: 'e',
  command: [],
};

/** A runner that is nothing but this script; `say` writes a report line. */
const supervised = async (
  script: string,
  act: (stop: () => void) => void = () => {},
  report: (report: RunnerReport) => void = () => {},
): Promise<{ readonly end: SupervisedEnd; readonly reports: readonly RunnerReport[] }> => {
  const reports: RunnerReport[] = [];
  const prelude = 'const say = (line) => require("fs").writeSync(3, line + "\\n");';
  const supervision = supervise(
    (options) => spawn(process.execPath, ['-e', prelude + script], options),
    job,
    (each) => {
      reports.push(each);
      report(each);
    },
  );
  act(supervision.stop);
  return { end: await supervision.ended, reports };
};

const began = 'say(\'{"report":"began","id":"one"}\');';
const done = 'say(\'{"report":"done","measured":{}}\');';

describe('supervision', function () {
  this.timeout(180_000);

  it('hands over the job and the reports', async () => {
    const script = `process.stdin.once("data", (d) => { say(JSON.stringify({report:"began",id:JSON.parse(d).seed})); ${done} process.exit(0); });`;
    const { end, reports } = await supervised(script);
    expect(end).to.deep.equal({ end: 'done' });
    expect(reports).to.deep.equal([
      { report: 'began', id: 's' },
      { report: 'done', measured: {} },
    ]);
  });

  const deaths: readonly (readonly [what: string, script: string, told: RegExp])[] = [
    ['an abort, as when an interface vanishes', `${began} process.abort();`, /an interface vanished or went down/],
    ['a kill', `${began} process.kill(process.pid, "SIGKILL");`, /was ended by SIGKILL/],
    [
      'an exit without being done',
      `${began} process.stderr.write("no \\u001b memory\\n"); process.exitCode = 7; process.stdin.destroy();`,
      /exit code 7: no \\x1b memory/,
    ],
    [
      'nonsense',
      'say("hello"); setInterval(() => {}, 1000); process.stdin.on("end", () => process.exit()).resume();',
      /cannot be understood: hello/,
    ],
    [
      'a failure of its own',
      'say(\'{"report":"failed","why":"no such device","remedy":"see ip link"}\'); process.exit(3);',
      /no such device/,
    ],
  ];
  for (const [what, script, told] of deaths) {
    it(`tells of ${what}`, async () => {
      const { end } = await supervised(script);
      expect(end.end).to.equal('failed');
      expect(end.end === 'failed' && end.why).to.match(told);
    });
  }

  it('tells of a runner that cannot be started', async () => {
    const { ended } = supervise(
      (options) => spawn('/nonexistent/runner', [], options),
      job,
      () => {},
    );
    const end = await ended;
    expect(end.end === 'failed' && end.why).to.contain('could not be started');
  });

  it('fails for the reason that its keeper gives, and stops the runner', async () => {
    const script = `${began} process.stdin.on("end", () => process.exit(0)).resume(); setInterval(() => {}, 1000);`;
    const { end } = await supervised(script, undefined, () => {
      throw new Error('the journal cannot be written: no space left on device');
    });
    expect(end).to.deep.equal({ end: 'failed', why: 'the journal cannot be written: no space left on device' });
  });

  it('stops by ending the input, and kills what does not listen', async () => {
    const deaf = `${began} setInterval(() => {}, 1000);`;
    const { end } = await supervised(deaf, (stop) => setTimeout(stop, 200));
    expect(end.end === 'failed' && end.why).to.contain('SIGKILL');
  });
});
