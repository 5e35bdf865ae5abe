/**
 * `iut.yaml`: what a user declares of an implementation somewhere on a live interface. Claims (ICS) decide which cases
 * apply, facts (PIXIT) say how to reach it. The suite sends nothing to an address that is not named here. Documented with
 * an example in docs/iut-file.md; the schema below is the format's definition.
 */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { prefixSize } from '../net/lab/addresses.js';
import type { Problem } from '../suite/catalogue/problem.js';
import { profiles } from '../suite/catalogue/requirement-schema.js';
import { problemsOf } from '../suite/catalogue/schema-problem.js';
import { openYaml, type Source } from '../suite/catalogue/yaml-source.js';
import { parameterDefaults } from '../suite/language/parameters.js';

const address4 = z.string().refine((text) => ipaddr.IPv4.isValidFourPartDecimal(text), 'an IPv4 address');
const address6 = z.string().refine((text) => ipaddr.IPv6.isValid(text), 'an IPv6 address');
const prefixOf = (kind: 'ipv4' | 'ipv6') =>
  z
    .string()
    .refine(
      (text) => isPrefix(text, kind),
      `an ${kind === 'ipv4' ? 'IPv4' : 'IPv6'} prefix such as ${kind === 'ipv4' ? '192.0.2.128/25' : '2001:db8:1::/64'}`,
    );
const prefix4 = prefixOf('ipv4');
const prefix6 = prefixOf('ipv6');
const port = z.int().min(1).max(65535);
const command = z.array(z.string().min(1)).min(1).describe('program and arguments; no shell');
const mac = z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, 'a MAC address in lower case');

const isPrefix = (text: string, kind: 'ipv4' | 'ipv6'): boolean => {
  try {
    return prefixSize(text) > 2n && text.includes(':') === (kind === 'ipv6');
  } catch {
    return false;
  }
};

const perVersion = <A extends z.ZodType, B extends z.ZodType>(four: A, six: B) =>
  z.strictObject({ ipv4: four.optional(), ipv6: six.optional() });

export const iutFileSchema = z.strictObject({
  name: z.string().min(1).max(100).describe('what reports call it'),
  claims: z.strictObject({
    roles: z.array(z.enum(['server', 'client'])).min(1),
    versions: z.array(z.union([z.literal(0), z.literal(1)])).describe('MPTCP versions; empty for a plain TCP host'),
    profiles: z.array(z.enum(profiles)).min(1),
    signals: z
      .array(z.enum(['server', 'client']))
      .optional()
      .describe('roles in which control has it announce, withdraw and prioritise addresses; absent: in none'),
  }),
  parameters: z
    .partialRecord(z.enum(Object.keys(parameterDefaults)), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe('how the open points of the sources are settled in it; what is absent has its default'),
  paths: z
    .array(
      z.strictObject({
        interface: z.string().min(1).describe("the tester's interface"),
        address: perVersion(address4, address6).describe("the implementation's address on this path"),
        mac: mac.optional().describe('its MAC address, or that of the router to it; absent: it is asked for'),
        tester: perVersion(prefix4, prefix6).describe(
          'free addresses, on-link for the implementation, that the tester may use',
        ),
      }),
    )
    .min(1)
    .max(8)
    .describe('in order: the first is path 1'),
  server: z.strictObject({
    address: perVersion(address4, address6).optional().describe('where it listens; absent: its address on path 1'),
    port,
    closed: port.describe('a port at which nothing listens'),
    'second-address': perVersion(address4, address6)
      .optional()
      .describe('another address of the host, reachable over every path, at which it serves as well'),
    'second-port': port.optional().describe('another port at which it serves as well'),
  }),
  'tester-server': perVersion(prefix4, prefix6)
    .optional()
    .describe('addresses the tester serves at, routed to it over every path; absent: those of path 1'),
  control: z
    .union([
      z.strictObject({ shim: command }).describe('speaks robe-ctl/1 on its stdin and stdout'),
      z.strictObject({ socket: z.string().min(1).describe("robe-ctl/1 at HOST:PORT or a Unix socket's path") }),
      z.strictObject({
        hooks: z.strictObject({
          connect: command.optional(),
          send: command.optional(),
          close: command.optional(),
          abort: command.optional(),
          announce: command.optional(),
          withdraw: command.optional(),
          prioritise: command.optional(),
          info: command.optional(),
          accepted: command.optional(),
          health: command.optional(),
        }),
      }),
    ])
    .optional()
    .describe('absent: a black box'),
  transport: z
    .union([
      z.literal('local'),
      z.strictObject({
        netns: z.string().regex(/^[^/\s-][^/\s]*$/, 'the name of a network namespace, as ip netns lists it'),
      }),
      z.strictObject({
        ssh: z.strictObject({
          host: z
            .string()
            .regex(/^[^-\s][^\s]*$/, 'a host as ssh takes it: HOST, USER@HOST or a name of its configuration'),
          options: z.array(z.string().min(1)).optional().describe('arguments for ssh, as [-p, "2222", -i, key]'),
        }),
      }),
    ])
    .optional()
    .describe('where the commands of control run: on this machine unless told otherwise'),
  capacity: z
    .strictObject({ connections: z.int().min(3).optional().describe('TCP connections that it can hold at once') })
    .optional()
    .describe('of a small host: fewer cases run at once, and those that need more do not apply'),
  restart: command
    .optional()
    .describe(
      'starts it again when it went away during a run; runs where the commands of control run. Absent: the run ends',
    ),
  timing: z
    .strictObject({
      reaction: z.int().positive().optional().describe('milliseconds within which an answer must come; default 2000'),
      silence: z.int().positive().optional().describe('milliseconds of quiet before nothing has come; default 300'),
    })
    .optional(),
});
export type IutFile = z.infer<typeof iutFileSchema>;

/** Reads an IUT file; problems have positions. */
export const readIutFile = (source: Source): { readonly file: IutFile } | { readonly problems: readonly Problem[] } => {
  const opened = openYaml(source);
  if (opened.problems.length > 0) return { problems: opened.problems };
  const parsed = iutFileSchema.safeParse(opened.value);
  if (!parsed.success) return { problems: problemsOf(parsed.error, iutFileSchema, opened) };
  return { file: parsed.data };
};
