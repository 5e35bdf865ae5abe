/** The robustness experiment: against its closed form, exactly and by samples, and against the shapes of the paper. */
import { expect } from 'chai';
import type { Time } from '../../net/clock/clock.js';
import { seededChance } from '../../net/link/chance.js';
import { parsePair } from '../end-name.js';
import { agreementOf, expectationFor } from './closed-form.js';
import { CourseTree } from './course-tree.js';
import {
  connectionTree,
  measureRobustness,
  type RobustnessReport,
  type RobustnessRequest,
  usualLosses,
  usualProfiles,
} from './robustness.js';

const finish = <Report>(experiment: Generator<number, Report>): Report => {
  let step = experiment.next();
  while (step.done !== true) step = experiment.next();
  return step.value;
};

const usual: RobustnessRequest = {
  profiles: usualProfiles,
  losses: usualLosses,
  connections: 10_000,
  rtts: [20, 20],
  lossy: 'to-server',
  seed: '1',
};

/** Every course a connection can take with what comes of it, in milliseconds. */
const allCourses = (tree: CourseTree<Time | undefined>) => {
  const found: { readonly accepted: number | undefined; readonly passed: number; readonly lost: number }[] = [];
  const open: (readonly boolean[])[] = [[]];
  for (let begun = open.pop(); begun !== undefined; begun = open.pop()) {
    const course = [...begun];
    let asked = 0;
    const accepted = tree.sample(() => {
      const known = course[asked++];
      if (known !== undefined) return known;
      open.push([...course, true]);
      course.push(false);
      return false;
    });
    const lost = course.filter(Boolean).length;
    found.push({
      accepted: accepted === undefined ? undefined : Number(accepted) / 1e6,
      passed: course.length - lost,
      lost,
    });
  }
  return found;
};

/** Mean and share of acceptance over all courses, each with its probability. */
const exact = (courses: ReturnType<typeof allCourses>, loss: number) => {
  let sum = 0;
  let share = 0;
  for (const { accepted, passed, lost } of courses) {
    if (accepted === undefined) continue;
    const probability = loss ** lost * (1 - loss) ** passed;
    sum += probability * accepted;
    share += probability;
  }
  return { mean: sum / share, share };
};

describe('the robustness experiment', function () {
  this.timeout(180_000);
  let report: RobustnessReport;
  before(() => {
    report = finish(measureRobustness(usual));
  });
  const pointsOf = (profile: string) => report.series.find((each) => each.profile === profile)?.points ?? [];

  for (const profile of ['mptcp', 'robe-timer', 'robe-timer+timer.value_s=0.2']) {
    for (const lossy of ['to-server', 'syns'] as const) {
      it(`${profile}, loss ${lossy}: all courses together are the closed form`, () => {
        const rtts = [20, 50];
        const pair = parsePair({ profile, paths: 2, seed: '1' });
        const courses = allCourses(connectionTree(pair, { rtts, lossy }));
        for (const loss of [0.05, 0.3, 0.5, 0.9, 0.99]) {
          const expected = expectationFor(pair.client, { loss, rtts, lossy });
          const { mean, share } = exact(courses, loss);
          expect(expected?.mean).to.be.closeTo(mean, 1e-6);
          expect(expected?.share).to.be.closeTo(share, 1e-12);
        }
      });
    }
  }

  it('there is no closed form where timers expire before an answer comes', () => {
    const formOf = (profile: string, rtt: number) =>
      expectationFor(parsePair({ profile, paths: 2, seed: '1' }).client, { ...usual, loss: 0.5, rtts: [rtt, 20] });
    expect(formOf('mptcp', 1000)).to.equal(undefined);
    expect(formOf('robe-timer+timer.value_s=0.2', 300)).to.equal(undefined);
    expect(formOf('mptcp', 300)?.mean).to.be.greaterThan(450);
  });

  it('a single sample, which has no interval, agrees with nothing', () => {
    const time = { samples: 1, mean: 30, half: Number.POSITIVE_INFINITY };
    expect(agreementOf([{ time, expected: { mean: 30, share: 1 } }])).to.include({ points: 0, within: 0 });
  });

  it('means of samples agree with the closed form', () => {
    for (const profile of ['mptcp', 'robe-timer']) {
      const { points, within, withinTogether } = agreementOf(pointsOf(profile));
      expect(points).to.be.at.least(20);
      expect(withinTogether).to.equal(points);
      expect(within).to.be.at.least(points * 0.9);
    }
  });

  it('classic grows in steps of the timeout and never connects at 100 % (LAT-9)', () => {
    const times = pointsOf('mptcp').map(({ time }) => time?.mean);
    expect(times[0]).to.equal(30);
    expect(times.slice(0, 19)).to.deep.equal(times.slice(0, 19).toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    expect(pointsOf('mptcp').at(-1)).to.include({ accepted: 0 }).and.not.have.property('time');
  });

  for (const profile of ['robe-downgrade', 'robe-bbm', 'robe-esim']) {
    it(`${profile} connects in 30 ms whatever is lost (LAT-10)`, () => {
      for (const { time, accepted } of pointsOf(profile)) {
        expect(accepted).to.equal(usual.connections);
        expect(time).to.include({ mean: 30, half: 0 });
      }
    });
  }

  it('so does robe-sim where only SYNs are lost, but not where its third segment may be', () => {
    const syns = finish(measureRobustness({ ...usual, profiles: ['robe-sim'], lossy: 'syns', connections: 1000 }));
    for (const { time } of syns.series[0]?.points ?? []) expect(time).to.include({ mean: 30, half: 0 });
    const half = pointsOf('robe-sim').find(({ loss }) => loss === 0.5);
    expect(half?.time?.mean).to.be.greaterThan(500);
  });

  it('robe-timer takes 30 ms, or its timer and 30 ms, where only SYNs are lost (LAT-11)', () => {
    const tree = connectionTree(parsePair({ profile: 'robe-timer', paths: 2, seed: '1' }), { ...usual, lossy: 'syns' });
    expect(allCourses(tree).map(({ accepted }) => accepted)).to.have.members([30, 1030]);
  });
});

describe('a tree of courses', () => {
  /** The numbers of up to five segments that were lost, as text. */
  const play = (lost: () => boolean): string => {
    let course = '';
    while (course.length < 5 && !course.endsWith('--')) course += lost() ? '-' : '+';
    return course;
  };

  it('gives what playing each course would give, and plays none twice', () => {
    const tree = new CourseTree(play);
    const [sampled, played] = [seededChance('a'), seededChance('a')];
    const seen = new Set<string>();
    for (let count = 0; count < 2000; count += 1) {
      const outcome = play(() => played() < 0.4);
      seen.add(outcome);
      expect(tree.sample(() => sampled() < 0.4)).to.equal(outcome);
    }
    expect(tree.courses).to.equal(seen.size);
  });
});
