/**
 * The codec against the outside world: connections of this machine's own kernel, compared field by field with tshark, word
 * by word with tcpdump, and re-encoded octet by octet. The kernel's keys, tokens, HMACs and checksums are recomputed, too.
 */

import { expect } from 'chai';
import { toHex } from '../../../protocol/bytes/hex.js';
import type { Malformed } from '../../../protocol/bytes/malformed.js';
import { addAddrHmac } from '../../../protocol/keys/add-addr-hmac.js';
import { dssChecksum } from '../../../protocol/keys/dss-checksum.js';
import { joinHmac64, joinHmac160 } from '../../../protocol/keys/join-hmac.js';
import { initialDsn, token } from '../../../protocol/keys/key-digest.js';
import type { MptcpOption } from '../../../protocol/mptcp/option.js';
import { decodeFrame, encodeArpFrame, encodeIcmpFrame, encodeTcpFrame } from '../../../protocol/wire/frame.js';
import type { Packet } from '../../../protocol/wire/packet.js';
import type { TcpOption } from '../../../protocol/wire/tcp-option.js';
import { encodeOption } from '../../../protocol/wire/tcp-options.js';
import { skipBecause } from '../../lab/testing/skip.js';
import type { CapturedFrame } from '../captured-frame.js';
import { crossCheck } from '../cross-check/cross-check.js';
import { readCapture } from '../read-capture.js';
import { captureKernelMptcp, type KernelCapture, kernelCaptureTools } from './kernel-capture.js';
import { obstacle } from './missing-tools.js';
import { inTcpdumpWords, tcpdumpOptions } from './tcpdump.js';
import { tsharkFields } from './tshark.js';

interface Read {
  readonly frame: CapturedFrame;
  readonly packet: Packet;
}

const fail = (problem: Malformed): never => expect.fail(JSON.stringify(problem));

const readAll = async (file: string): Promise<readonly Read[]> => {
  const all: Read[] = [];
  for await (const frame of readCapture(file, fail)) all.push({ frame, packet: decodeFrame(frame.octets) });
  return all;
};

/** The MPTCP options of one name in a packet. */
const optionsNamed = <N extends MptcpOption['option']>(packet: Packet, name: N): Extract<TcpOption, { option: N }>[] =>
  packet.kind === 'tcp'
    ? packet.tcp.options.filter((option): option is Extract<TcpOption, { option: N }> => option.option === name)
    : [];

/** A kernel may repeat a segment; each option counts once. */
const distinct = <O extends TcpOption>(options: readonly O[]): readonly O[] => [
  ...new Map(options.map((option) => [toHex(encodeOption(option)), option])).values(),
];

for (const family of [4, 6] as const)
  describe(`the kernel's own MPTCP over IPv${family}`, function () {
    this.timeout(180_000);
    let capture: KernelCapture | undefined;
    let paths: readonly (readonly Read[])[] = [];

    before(async function () {
      const why = obstacle([...kernelCaptureTools, 'tshark'], true);
      if (why !== undefined) skipBecause(this, why);
      capture = await captureKernelMptcp(family);
      paths = await Promise.all(capture.files.map(readAll));
    });

    after(() => capture?.remove());

    const packets = (): readonly Packet[] => paths.flat().map(({ packet }) => packet);

    /** Both keys of each connection, as the third segment or the first data carries them. */
    const connections = (): readonly { readonly a: bigint; readonly b: bigint }[] => {
      const both = packets().flatMap((packet) =>
        optionsNamed(packet, 'mp_capable').flatMap(({ key, peerKey }) =>
          key === undefined || peerKey === undefined ? [] : [{ a: key, b: peerKey }],
        ),
      );
      return [...new Map(both.map((keys) => [`${keys.a} ${keys.b}`, keys])).values()];
    };

    /**
     * The first number that a mapping or a Data ACK must show: that of the first data, or of what follows it when
     * MP_CAPABLE carried the first data. Which one the kernel sends depends on when its third segment was acknowledged.
     */
    const firstNumber = (first: bigint): bigint => {
      const capables = packets().flatMap((packet) => optionsNamed(packet, 'mp_capable'));
      const carried = capables.find(({ key, dataLength }) => key === first && dataLength !== undefined);
      return BigInt.asUintN(64, initialDsn(1, first) + 1n + BigInt(carried?.dataLength ?? 0));
    };

    it('shows establishment, join, advertisement, data, end and abort', () => {
      const names = ['mp_capable', 'mp_join', 'dss', 'add_addr', 'mp_fastclose', 'mp_tcprst'] as const;
      const seen = names.map((name) => [name, packets().some((packet) => optionsNamed(packet, name).length > 0)]);
      expect(Object.fromEntries(seen)).to.deep.equal(Object.fromEntries(names.map((name) => [name, true])));
    });

    it('decodes without anything malformed', () => {
      for (const packet of packets()) {
        expect(packet.kind).not.to.equal('malformed');
        if (packet.kind === 'tcp') {
          expect(packet.tcp.checksumState).to.equal('valid');
          expect(packet.ip.checksumState).to.equal(family === 4 ? 'valid' : undefined);
          expect(packet.tcp.options.map(({ option }) => option)).not.to.include.members(['malformed']);
        }
      }
    });

    it('gives every TCP, ARP and ICMP frame back octet by octet', () => {
      const again = (packet: Packet): Uint8Array | undefined => {
        if (packet.kind === 'tcp') return encodeTcpFrame(packet);
        if (packet.kind === 'arp') return encodeArpFrame(packet);
        return packet.kind === 'icmp' ? encodeIcmpFrame({ ...packet, icmp: packet }) : undefined;
      };
      let compared = 0;
      for (const { frame, packet } of paths.flat()) {
        const octets = again(packet);
        if (octets === undefined) continue;
        expect(toHex(octets)).to.equal(toHex(frame.octets));
        compared++;
      }
      expect(compared).to.be.greaterThan(60);
    });

    it('agrees with tshark in every field', async () => {
      const captures = (capture?.files ?? []).map((name) => ({ name, frames: readCapture(name, fail) }));
      const { tshark: _, leftOut, fields, ...figures } = await crossCheck(captures);
      const segments = packets().filter(({ kind }) => kind === 'tcp').length;
      expect(leftOut.map(({ reason }) => reason)).to.deep.equal(['no TCP']);
      expect(fields).to.be.greaterThan(15 * segments);
      expect(figures).to.deep.equal({
        captures: captures.length,
        frames: packets().length,
        compared: segments,
        disagreeing: 0,
        disagreements: [],
      });
    });

    it('agrees with tcpdump in every word it knows', () => {
      for (const [i, file] of (capture?.files ?? []).entries()) {
        const theirs = tcpdumpOptions(file);
        const lists = (paths[i] ?? []).flatMap(({ packet }) =>
          packet.kind === 'tcp' && packet.tcp.options.length > 0 ? [packet.tcp.options] : [],
        );
        expect(theirs.length).to.equal(lists.length);
        for (const [n, list] of lists.entries()) {
          const words = theirs[n]?.split(/,(?![^{]*\})/) ?? [];
          const known = list.map(inTcpdumpWords);
          const compared = words.filter((_, k) => known[k] !== undefined);
          expect(compared).to.deep.equal(known.filter((word) => word !== undefined));
        }
      }
    });

    it('derives the tokens and initial DSNs that tshark and the kernel use', () => {
      const file = capture?.files[0] ?? '';
      const theirs = tsharkFields(file, ['mptcp.expected_token', 'mptcp.expected_idsn', 'tcp.options.mptcp.sendkey']);
      const derived = theirs.filter((row) => row['mptcp.expected_token'].length > 0);
      expect(derived.length).to.be.at.least(4);
      for (const row of derived) {
        const key = BigInt(row['tcp.options.mptcp.sendkey'][0] ?? 0);
        expect(token(1, key)).to.equal(Number(row['mptcp.expected_token'][0]));
        // tshark adds one: the number of the first payload octet.
        expect([initialDsn(1, key), initialDsn(1, key) + 1n]).to.include(BigInt(row['mptcp.expected_idsn'][0] ?? 0));
      }
      const numbers = packets().flatMap((packet) => optionsNamed(packet, 'dss').flatMap(({ dsn, ack }) => [dsn, ack]));
      for (const { a, b } of connections()) expect(numbers).to.include.members([firstNumber(a), firstNumber(b)]);
    });

    it('recomputes the HMACs of joins and advertisements', () => {
      const joins = distinct((paths[1] ?? []).flatMap(({ packet }) => optionsNamed(packet, 'mp_join')));
      const syns = joins.flatMap((option) => (option.form === 'syn' ? [option] : []));
      const answers = joins.flatMap((option) => (option.form === 'syn/ack' ? [option] : []));
      const thirds = joins.flatMap((option) => (option.form === 'ack' ? [option] : []));
      expect([connections().length, syns.length, answers.length]).to.deep.equal([2, 2, 2]);
      for (const [i, { a, b }] of connections().entries()) {
        const nonceA = syns[i]?.nonce ?? 0;
        const nonceB = answers[i]?.nonce ?? 0;
        expect(syns[i]?.token).to.equal(token(1, b));
        const fromB = { localKey: b, remoteKey: a, localNonce: nonceB, remoteNonce: nonceA };
        const fromA = { localKey: a, remoteKey: b, localNonce: nonceA, remoteNonce: nonceB };
        expect(toHex(answers[i]?.hmac ?? new Uint8Array())).to.equal(toHex(joinHmac64(1, fromB)));
        expect(thirds.map(({ hmac }) => toHex(hmac))).to.include(toHex(joinHmac160(1, fromA)));
      }
      const advertised = packets().flatMap((packet) =>
        optionsNamed(packet, 'add_addr').filter((o) => o.hmac !== undefined),
      );
      expect(advertised.length).to.be.at.least(2);
      const macs = connections().flatMap(({ a, b }) =>
        advertised.map(({ addressId, address, port }) =>
          toHex(
            addAddrHmac({ localKey: b, remoteKey: a, addressId, address, ...(port === undefined ? {} : { port }) }),
          ),
        ),
      );
      for (const { hmac } of advertised) expect(macs).to.include(toHex(hmac ?? new Uint8Array()));
    });

    it('recomputes the DSS checksums of whole mappings', () => {
      let compared = 0;
      for (const packet of packets())
        for (const { dsn, ssn, dataLength, checksum, flags } of optionsNamed(packet, 'dss')) {
          if (packet.kind !== 'tcp' || dsn === undefined || ssn === undefined || dataLength === undefined) continue;
          if (checksum === undefined || (flags & 0x18) !== 0x08 || packet.tcp.payload.length !== dataLength) continue;
          expect(dssChecksum({ dsn, ssn, dataLength }, packet.tcp.payload)).to.equal(checksum);
          compared++;
        }
      for (const packet of packets())
        for (const { key = 0n, dataLength, checksum } of optionsNamed(packet, 'mp_capable')) {
          if (packet.kind !== 'tcp' || dataLength === undefined || packet.tcp.payload.length !== dataLength) continue;
          const dsn = BigInt.asUintN(64, initialDsn(1, key) + 1n);
          expect(dssChecksum({ dsn, ssn: 1, dataLength }, packet.tcp.payload)).to.equal(checksum);
        }
      expect(compared).to.be.at.least(8);
    });
  });
