/**
 * What `robe judge` is given, as something that can be judged: the evidence of a case, a capture of ours, which tells in its
 * header what it is of, or any other capture together with the case and the seed.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadSoundCatalogue, selectOrRefuse } from '../../conduct/load-catalogue.js';
import { subjectsOf } from '../../conduct/subjects-of.js';
import { UsageError } from '../../conduct/usage-error.js';
import { settingsOf } from '../../iut/settings.js';
import type { CapturedFrame } from '../../net/capture/captured-frame.js';
import { readCaptureRecords } from '../../net/capture/read-capture.js';
import { evidenceFiles } from '../../report/evidence.js';
import { readLossless } from '../../report/lossless-json.js';
import { EvidenceError, readEvidence, readPlan, withEvidence } from '../../report/read-evidence.js';
import { type RecordingNote, readRecordingNote } from '../../report/recording-note.js';
import { inferPlan } from '../../run/recorded/infer-surroundings.js';
import { insufficient, judgeCapture } from '../../run/recorded/judge-capture.js';
import { type Rejudged, rejudge } from '../../run/recorded/recorded.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { type Plan, type PlanSettings, planCase } from '../../suite/scenario/plan.js';
import type { Unseen } from '../../suite/trace/unseen.js';
import { counted } from '../../suite/verdict/counted.js';
import type { CaseResult } from '../../suite/verdict/results.js';

export interface JudgeRequest {
  /** A directory of evidence, or a capture. */
  readonly place: string;
  /** Id of a case of the catalogue; absent: as recorded. */
  readonly case?: string | undefined;
  readonly seed?: string | undefined;
  /** Whose declared parameters hold; absent: those recorded, or the defaults. */
  readonly iut?: string | undefined;
  /** Places of the catalogue. */
  readonly catalogue: readonly string[];
}

export interface JudgedRecording {
  readonly case: ExpandedCase;
  readonly judged: Rejudged;
  /** What the run made of it, where that is known. */
  readonly recorded?: Pick<CaseResult, 'verdict' | 'signature' | 'subject'> & Partial<Pick<CaseResult, 'sentence'>>;
  /** What is wrong with the file, and what was taken for granted. */
  readonly remarks: readonly string[];
}

/** Throws a UsageError for what cannot be read or is not enough to know what to judge by. */
export const judgeRecording = async (request: JudgeRequest): Promise<JudgedRecording> => {
  const { place } = request;
  const found = statSync(place, { throwIfNoEntry: false });
  if (found === undefined)
    throw new UsageError([`${place} does not exist: expected the evidence of a case, or a capture`]);
  try {
    if (!found.isDirectory()) return await judgeFile(place, request);
    if (existsSync(join(place, evidenceFiles.trace))) return judgeEvidence(place, request);
    const capture = join(place, evidenceFiles.capture);
    if (existsSync(capture)) return await judgeFile(capture, request);
    throw new UsageError([
      `${place} holds neither ${evidenceFiles.trace} nor ${evidenceFiles.capture}: expected the directory of a case below evidence/`,
    ]);
  } catch (cause) {
    if (cause instanceof EvidenceError) throw new UsageError([cause.message]);
    throw cause;
  }
};

const judgeEvidence = (place: string, request: JudgeRequest): JudgedRecording => {
  const asked = caseAsked(request);
  return withEvidence(place, ({ plan, trace, result }) => {
    const own = withOptions(asked === undefined ? plan : { ...plan, case: asked }, request);
    return { case: own.case, judged: rejudge(own, trace), recorded: result, remarks: [] };
  });
};

/** The settings that options ask for in place of the recorded ones. */
const withOptions = <S extends PlanSettings>(settings: S, { seed, iut }: JudgeRequest): S => ({
  ...settings,
  ...(iut === undefined ? {} : settingsOfIut(iut)),
  ...(seed === undefined ? {} : { seed }),
});

const settingsOfIut = (iut: string): Omit<PlanSettings, 'seed'> => {
  const [subject] = subjectsOf(iut);
  if (subject === undefined) throw new UsageError([`--iut ${iut} names nobody`]);
  return subject.settings;
};

const caseAsked = ({ case: id, catalogue }: JudgeRequest): ExpandedCase | undefined => {
  if (id === undefined) return undefined;
  const selection = { select: [id], exclude: [], profiles: [], roles: [], requirements: [], levels: [] };
  const cases = selectOrRefuse(loadSoundCatalogue(catalogue, process.cwd()), selection);
  const [first, second] = cases;
  if (first === undefined || second !== undefined)
    throw new UsageError([
      `--case ${id} names ${counted(cases.length, 'case')}, a recording is of one: ${first?.id}, ${second?.id} …`,
    ]);
  return first;
};

const judgeFile = async (file: string, request: JudgeRequest): Promise<JudgedRecording> => {
  const { frames, comments, problems } = await readFrames(file);
  if (frames.length === 0) throw new UsageError([...problems, `${file} holds no frame that could be judged`]);
  const note = readRecordingNote(comments);
  const beside = join(dirname(file), evidenceFiles.plan);
  const recorded = note ?? recordedBeside(file);
  if (note !== undefined) {
    const testCase = caseAsked(request) ?? planBeside(beside, note)?.case ?? caseOfNote(note, request);
    const plan = planCase(testCase, note.surroundings, withOptions(note.settings, request));
    return { case: testCase, judged: judgeCapture({ plan, frames, ...note }), recorded: note, remarks: problems };
  }
  if (request.case === undefined && existsSync(beside)) {
    const plan = withOptions(readPlan(dirname(file)), request);
    const unseen = controlBeside(file);
    return { case: plan.case, judged: judgeCapture({ plan, frames, unseen }), ...told(recorded), remarks: problems };
  }
  return { ...judgeForeign(file, frames, request), remarks: problems };
};

const told = (recorded: JudgedRecording['recorded']): Pick<JudgedRecording, 'recorded'> =>
  recorded === undefined ? {} : { recorded };

/** A capture that does not say what it is of. */
const judgeForeign = (
  file: string,
  frames: readonly CapturedFrame[],
  request: JudgeRequest,
): Omit<JudgedRecording, 'remarks'> => {
  const testCase = caseAsked(request);
  const { seed } = request;
  if (testCase === undefined || seed === undefined)
    throw new UsageError([
      `${file} does not say which case it is of: name it with --case ID, and the seed of its run with --seed`,
    ]);
  const settings = withOptions({ ...settingsOf({}), seed }, request);
  const inferred = inferPlan(testCase, settings, frames);
  if ('unknown' in inferred)
    return { case: testCase, judged: { judgement: insufficient(inferred.unknown), trace: [] } };
  return { case: testCase, judged: judgeCapture({ ...inferred, frames }) };
};

const readFrames = async (file: string) => {
  const frames: CapturedFrame[] = [];
  const comments: string[] = [];
  const problems: string[] = [];
  try {
    for await (const each of readCaptureRecords(file, ({ offset, path, why }) =>
      problems.push(`${file}: octet ${offset}, ${path}: ${why}`),
    )) {
      if (each.record === 'frame') frames.push(each.frame);
      if (each.record === 'section') comments.push(...each.comments);
    }
  } catch (cause) {
    throw new EvidenceError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  return { frames, comments, problems };
};

/** The plan beside a capture, if it is of the same case: it holds the case as it was then. */
const planBeside = (file: string, note: RecordingNote): Plan | undefined => {
  if (!existsSync(file)) return undefined;
  const plan = readPlan(dirname(file));
  return plan.case.id === note.case ? plan : undefined;
};

const caseOfNote = (note: RecordingNote, request: JudgeRequest): ExpandedCase => {
  const testCase = caseAsked({ ...request, case: note.case });
  if (testCase === undefined) throw new UsageError([`the catalogue has no case ${note.case}`]);
  if (testCase.version !== note.version)
    throw new UsageError([
      `${note.case} has version ${testCase.version} now, the capture is of version ${note.version}: judge the evidence directory, or ask for today's with --case ${note.case}`,
    ]);
  return testCase;
};

const recordedBeside = (file: string): JudgedRecording['recorded'] => {
  const directory = dirname(file);
  if (!existsSync(join(directory, evidenceFiles.trace))) return undefined;
  return readEvidence(directory).result;
};

const controlBeside = (file: string): readonly Unseen[] | undefined => {
  const log = join(dirname(file), evidenceFiles.control);
  if (!existsSync(log)) return undefined;
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  // Written by this same program, beside the plan that was checked.
  return lines.map((line) => readLossless(line) as Unseen);
};
