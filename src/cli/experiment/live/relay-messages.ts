/** What the conductor of a live experiment and its relay say to each other: one JSON object a line, times in milliseconds. */
import { z } from 'zod';

const impairment = z.object({
  path: z.int().positive(),
  /** One way. */
  delayMs: z.number().min(0),
  /** Towards the server, and back. */
  lossToServer: z.number().min(0).max(1),
  lossToClient: z.number().min(0).max(1),
  megabitsPerSecond: z.number().positive().optional(),
  /** Share of frames towards the server that are held back by as much as the delay again. */
  reordering: z.number().min(0).max(1),
  jitterMs: z.number().min(0).optional(),
  duplication: z.number().min(0).max(1).optional(),
  /** Nothing passes any more so long after the first frame. */
  diesAfterMs: z.number().min(0).optional(),
});
export type PathImpairment = Readonly<z.infer<typeof impairment>>;

/** Which interfaces to join, said first. */
export const relayJob = z.object({
  seed: z.string(),
  paths: z.array(
    z.object({
      path: z.int().positive(),
      clientDevice: z.string(),
      clientMac: z.string(),
      serverDevice: z.string(),
      serverMac: z.string(),
    }),
  ),
});
export type RelayJob = Readonly<z.infer<typeof relayJob>>;

export const impairCommand = z.object({ impair: z.array(impairment) });

/** What the relay tells: that it is ready, that paths are as told, what it saw, or why it cannot. */
export const relayReport = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ impaired: z.literal(true) }),
  z.object({
    saw: z.enum(['syn', 'third']),
    flow: z.string(),
    path: z.int().positive(),
    join: z.boolean(),
    at: z.number(),
  }),
  z.object({ failed: z.string() }),
]);
export type RelayReport = Readonly<z.infer<typeof relayReport>>;
export type Seen = Extract<RelayReport, { saw: string }>;
