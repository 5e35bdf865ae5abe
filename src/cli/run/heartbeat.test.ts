/** What a pipe hears of long work, by a clock of the test's own. */
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { showHeartbeat } from './heartbeat.js';

describe('the heartbeat of a run', () => {
  it('tells how far it is every five seconds, and nothing of a short run', () => {
    const stream = new PassThrough();
    let now = 0;
    const heart = showHeartbeat(stream, 30, () => now);
    for (let judged = 1; judged <= 30; judged += 1) {
      now = judged * 500;
      heart.advance(judged, judged > 15 ? 1 : 0);
    }
    heart.end();
    expect(String(stream.read())).to.equal(
      'robe: 10/30 cases, 0 red\nrobe: 20/30 cases, 1 red\nrobe: 30/30 cases, 1 red\n',
    );
    const brief = showHeartbeat(stream, 3, () => now);
    for (const judged of [1, 2, 3]) brief.advance(judged, 0);
    brief.end();
    expect(stream.read()).to.equal(null);
  });
});
