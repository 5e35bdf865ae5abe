/** A server of the reference with one MPTCP connection that a peer opened, and a join to it, for dialogues. */
import { expect } from 'chai';
import { joinHmac } from '../../protocol/keys/join-hmac.js';
import { initialDsn, token } from '../../protocol/keys/key-digest.js';
import type { MpCapable } from '../../protocol/mptcp/option.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { Bench, Peer, type PeerPlace } from './bench.js';
import { type HostChoice, serverHost } from './hosts.js';
import { capable } from './options.js';

export const keyA = 0x0102030405060708n;

export const synOffer = (version: 0 | 1): MpCapable => capable(version, version === 0 ? [keyA] : []);

export const serverBench = (choice: Partial<HostChoice> = {}): Bench =>
  new Bench('server', serverHost({ profile: 'mptcp', paths: 3, ...choice }));

export interface Open {
  readonly bench: Bench;
  readonly peer: Peer;
  readonly keyB: bigint;
  /** First octets of the data sequences towards and from the server. */
  readonly toServer: bigint;
  readonly fromServer: bigint;
}

export const open = (version: 0 | 1, choice: Partial<HostChoice> = {}): Open => {
  const bench = serverBench(choice);
  const peer = new Peer(bench);
  peer.syn(synOffer(version));
  const keyB = peer.option('mp_capable')?.key ?? 0n;
  expect(peer.acks(capable(version, [keyA, keyB]))).to.deep.equal([]);
  expect(bench.noticed()).to.deep.equal(['accepted']);
  return { bench, peer, keyB, toServer: initialDsn(version, keyA) + 1n, fromServer: initialDsn(version, keyB) + 1n };
};

export const info = (bench: Bench, connection = 'accepted:1') => bench.host.info(connection);

export const join = (
  opened: Open,
  version: 0 | 1,
  path = 2,
  place: PeerPlace = {},
): { readonly peer: Peer; readonly third: TcpOption } => {
  const peer = new Peer(opened.bench, { path, ...place });
  const localNonce = 0x0a0b0c0d;
  const syn: TcpOption = {
    option: 'mp_join',
    form: 'syn',
    backup: false,
    reserved: 0,
    addressId: path,
    token: token(version, opened.keyB),
    nonce: localNonce,
  };
  expect(peer.syn(syn)).to.deep.equal([`${path} < S. mp_join`]);
  const answer = peer.option('mp_join');
  if (answer?.form !== 'syn/ack') throw new Error('no SYN/ACK with MP_JOIN');
  const secrets = { localKey: keyA, remoteKey: opened.keyB, localNonce, remoteNonce: answer.nonce };
  const swapped = { localKey: opened.keyB, remoteKey: keyA, localNonce: answer.nonce, remoteNonce: localNonce };
  expect(answer.hmac).to.deep.equal(joinHmac(version, swapped).subarray(0, 8));
  const hmac = joinHmac(version, secrets).subarray(0, 20);
  return { peer, third: { option: 'mp_join', form: 'ack', reserved: 0, hmac } };
};
