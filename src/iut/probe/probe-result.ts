/** The result of a probe of an implementation, also from an answer to a SYN. */
import type { ChecksumState } from '../../protocol/wire/packet.js';
import type { SynAnswer } from './syn-question.js';

export interface ProbeResult {
  /** The probe in few words: `path 1 IPv4`. */
  readonly probe: string;
  /** `unsure`: allowed, but worth knowing before a run. */
  readonly outcome: 'yes' | 'unsure' | 'no';
  readonly found: string;
  readonly remedy?: string;
}

/** Whether somebody listens, and its segments are as on a wire. */
export const describeOpen = (
  answer: SynAnswer,
  {
    name,
    server,
    port,
    prefix,
  }: { readonly name: string; readonly server: string; readonly port: number; readonly prefix: string },
): readonly ProbeResult[] => {
  switch (answer.answer) {
    case 'syn/ack':
      return [
        { probe: name, outcome: 'yes', found: `port ${port} answers a SYN` },
        ...checksumProbe(name, answer.checksum),
      ];
    case 'rst':
      return [
        {
          probe: name,
          outcome: 'no',
          found: `${server} refuses port ${port}`,
          remedy: 'start the server there (echo, on all addresses), or mend server.port',
        },
      ];
    case 'nothing':
      return [
        {
          probe: name,
          outcome: 'no',
          found: `no answer from ${server} port ${port}`,
          remedy: `give it a route back, as: ip route add ${prefix} dev DEVICE, and sysctl net.ipv4.conf.all.rp_filter=0; look for a firewall`,
        },
      ];
  }
};

/** What is captured must be what would be on a wire. */
const checksumProbe = (probe: string, checksum: ChecksumState): readonly ProbeResult[] => {
  switch (checksum) {
    case 'valid':
      return [];
    case 'partial':
      return [
        {
          probe,
          outcome: 'no',
          found: 'the other end leaves the TCP checksum to its interface: what is captured never was on a wire',
          remedy: 'on the other end: ethtool -K DEVICE tx off tso off gso off gro off',
        },
      ];
    case 'invalid':
    case 'unverifiable':
      return [{ probe, outcome: 'unsure', found: `its TCP checksum is ${checksum}` }];
  }
};

/** Whether the answer to an offer agrees with the claim. */
export const compareClaim = (
  name: string,
  version: 0 | 1,
  claimed: readonly number[],
  answer: SynAnswer,
): readonly ProbeResult[] => {
  const spoken = answer.answer === 'syn/ack' && answer.mptcp === version;
  const shown =
    answer.answer !== 'syn/ack'
      ? 'draws no SYN/ACK'
      : answer.mptcp === undefined
        ? 'is answered without MP_CAPABLE'
        : `is answered with version ${answer.mptcp}`;
  const found = `MP_CAPABLE version ${version} ${shown}`;
  if (claimed.includes(version))
    return spoken
      ? [{ probe: name, outcome: 'yes', found }]
      : [
          {
            probe: name,
            outcome: 'no',
            found: `${found}, though it is claimed`,
            remedy: `let the server listen with MPTCP, or take ${version} out of claims.versions`,
          },
        ];
  return spoken
    ? [
        {
          probe: name,
          outcome: 'unsure',
          found: `${found}, though it is not claimed: claims.versions decides what is tested`,
        },
      ]
    : [];
};

/** Whether flag A of the answer is as `mpc.checksum` declares it; nothing where that is not declared, or MPTCP not spoken. */
export const compareChecksums = (
  name: string,
  version: 0 | 1,
  declared: string | number | boolean | undefined,
  answer: SynAnswer,
): readonly ProbeResult[] => {
  if (answer.answer !== 'syn/ack' || answer.asksForChecksums === undefined || answer.mptcp !== version) return [];
  if (typeof declared !== 'boolean') return [];
  const found = `version ${version}: checksums are ${answer.asksForChecksums ? 'asked for' : 'waived'}`;
  if (answer.asksForChecksums === declared) return [{ probe: name, outcome: 'yes', found: `${found}, as declared` }];
  const remedy = `declare mpc.checksum: ${answer.asksForChecksums}`;
  return [{ probe: name, outcome: 'no', found: `${found}, which is not what is declared`, remedy }];
};

/** The port at which nothing is to listen. */
export const describeClosed = (answer: SynAnswer, name: string, port: number): ProbeResult => {
  switch (answer.answer) {
    case 'rst':
      return { probe: name, outcome: 'yes', found: `port ${port} is closed` };
    case 'syn/ack':
      return {
        probe: name,
        outcome: 'no',
        found: `port ${port} is to be closed, and answers`,
        remedy: 'name another port as server.closed',
      };
    case 'nothing':
      return { probe: name, outcome: 'unsure', found: `port ${port} is silent: a firewall would hide resets` };
  }
};
