/**
 * The form of a requirement: one sentence that an implementation can keep or break, its source and its level. Fields and
 * words are explained in docs/requirements.md.
 */
import { z } from 'zod';
import type { Position } from './problem.js';

/** Levels, strongest first. */
export const levels = ['MUST', 'SHOULD', 'MAY', 'INFO'] as const;
export type Level = (typeof levels)[number];

/** The bases of a level, firmest first. */
export const bases = ['keyword', 'indicative', 'design', 'derived', 'tbd'] as const;

const requirementRoles = ['client', 'server', 'both'] as const;

/** What an implementation can claim to be. */
export const profiles = [
  'tcp',
  'mptcp-v0',
  'mptcp-v1',
  'robe-downgrade',
  'robe-bbm',
  'robe-timer',
  'robe-sim',
  'robe-esim',
  'robe-ips',
] as const;

/** The sources of requirements; `derived`: not written anywhere, follows from the sentences that `from` names. */
export const documents = [
  'RFC 9293',
  'RFC 6298',
  'RFC 5961',
  'RFC 7323',
  'RFC 6824',
  'RFC 8684',
  'RFC 6181',
  'RFC 7430',
  'RobE paper',
  'RobE draft',
  'derived',
] as const;

const id = z.string().regex(/^[A-Z][A-Za-z0-9]*(-[A-Za-z0-9.]+)+-\d\d$/, 'an id such as ROBE-P1-S-02');
const sentence = z.string().regex(/^\S[\s\S]{18,}\.$/, 'a whole sentence that ends in a full stop');
const words = z.string().min(1);
const mptcpVersion = z.union([z.literal(0), z.literal(1)]);
const ipVersion = z.union([z.literal(4), z.literal(6)]);
const place = {
  doc: z.enum(documents),
  section: words.optional().describe('section, figure, equation or table; absent only for derived'),
  at: z
    .array(z.union([z.int().positive(), words]))
    .min(1)
    .optional()
    .describe('which sentences of the section, by their numbers or names in sentences.yaml'),
};

export const requirementSchema = z
  .strictObject({
    id: id.describe('stable for ever; a retired id is never used again'),
    source: z.strictObject({
      ...place,
      also: z.array(z.strictObject(place)).min(1).optional().describe('where the same is said again'),
    }),
    level: z.enum(levels).describe('how firmly the source says it; negative forms have the same level'),
    basis: z.enum(bases).describe('on what the level stands'),
    from: words.optional().describe('for basis derived: the sentences it follows from'),
    role: z.enum(requirementRoles).describe('who has to do it'),
    profiles: z.array(z.enum(profiles)).min(1).describe('claims under which it applies'),
    mptcp: z
      .array(mptcpVersion)
      .length(1)
      .optional()
      .describe('the only MPTCP version it applies to, where the profiles leave two'),
    ip: z.array(ipVersion).length(1).optional().describe('the only IP version it applies to'),
    topic: z.string().regex(/^[a-z0-9-]+$/, 'a topic of small letters'),
    statement: sentence,
    testable: z
      .union([
        z.literal('wire'),
        z.strictObject({ partial: words.describe('what of it can be seen') }),
        z.strictObject({ no: words.describe('why not') }),
      ])
      .describe('whether packets can show it'),
    untried: z
      .array(
        z
          .strictObject({
            role: z.enum(['client', 'server']).optional(),
            mptcp: mptcpVersion.optional(),
            ip: ipVersion.optional(),
            reason: words,
          })
          .refine(({ role, mptcp, ip }) => role !== undefined || mptcp !== undefined || ip !== undefined, {
            message: 'says where it is not tried: role, mptcp or ip',
          }),
      )
      .min(1)
      .optional()
      .describe('roles and versions that it binds and nothing tries, and why'),
    stimulus: words.optional(),
    expected: words.optional(),
    forbidden: words.optional(),
    parameters: z.array(z.string()).min(1).optional().describe('open points that it depends on, by parameter'),
    points: z
      .array(z.string().regex(/^I-\d\d$/, 'a point such as I-36'))
      .min(1)
      .optional()
      .describe('open points of docs/interpretations.md that have no parameter'),
    see: z.array(id).min(1).optional().describe('related requirements'),
  })
  .refine(({ basis, from }) => (basis === 'derived') === (from !== undefined), {
    path: ['from'],
    message: 'basis derived needs from: the sentences it follows from; no other basis has it',
  })
  .refine(({ source }) => source.doc === 'derived' || source.section !== undefined, {
    path: ['source', 'section'],
    message: 'a source other than derived needs its section',
  });

export const retiredSchema = z.strictObject({
  id: id,
  reason: sentence.describe('why it is no longer there'),
  heirs: z.array(id).min(1).optional().describe('the requirements that say it now'),
});

export interface Origin extends Position {
  readonly file: string;
}
export type Requirement = DeepReadonly<z.infer<typeof requirementSchema>> & { readonly origin: Origin };
export type Retired = DeepReadonly<z.infer<typeof retiredSchema>> & { readonly origin: Origin };

/** A place in a source. */
export type Place = Omit<Requirement['source'], 'also'>;

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
