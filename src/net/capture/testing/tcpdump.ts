/**
 * What tcpdump reads in a capture, and our options in its words, so that both can be compared as text. tcpdump knows neither
 * MP_TCPRST nor the draft's options, and takes the 24-octet MP_CAPABLE of v1 for an error; such options are `undefined` here.
 */
import { execFileSync } from 'node:child_process';
import { toHex } from '../../../protocol/bytes/hex.js';
import { DssFlag, MpCapableFlag, type MptcpOption } from '../../../protocol/mptcp/option.js';
import { ipv4Text, ipv6Text } from '../../../protocol/wire/address.js';
import type { TcpOption } from '../../../protocol/wire/tcp-option.js';
import { encodeOption } from '../../../protocol/wire/tcp-options.js';

/** The option list of each TCP segment that has one, as `tcpdump -nv` prints it between brackets. */
export const tcpdumpOptions = (file: string): readonly string[] => {
  const output = execFileSync('tcpdump', ['-nvv', '-r', file, 'tcp or ip6 proto 6'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return [...output.matchAll(/options \[(.*)\]/g)].map(([, list]) => list ?? '');
};

export const inTcpdumpWords = (option: TcpOption): string | undefined => {
  switch (option.option) {
    case 'eol':
    case 'nop':
      return option.option;
    case 'mss':
      return `mss ${option.value}`;
    case 'window_scale':
      return `wscale ${option.shift}`;
    case 'sack_permitted':
      return 'sackOK';
    case 'timestamps':
      return `TS val ${option.value} ecr ${option.echo}`;
    case 'sack':
    case 'unknown':
    case 'malformed':
    case 'raw':
      return undefined;
    default: {
      const words = mptcpWords(option);
      return words === undefined ? undefined : `mptcp ${encodeOption(option).length} ${words}`;
    }
  }
};

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

const mptcpWords = (option: MptcpOption): string | undefined => {
  switch (option.option) {
    case 'mp_capable': {
      if (option.checksum !== undefined) return undefined;
      const keys = [option.key, option.peerKey].filter((key) => key !== undefined).map(hex);
      const csum = (option.flags & MpCapableFlag.A) === 0 ? '' : ' csum';
      return `capable v${option.version}${csum}${keys.length === 0 ? '' : ` {${keys.join(',')}}`}`;
    }
    case 'mp_join':
      if (option.form === 'ack') return `join hmac 0x${toHex(option.hmac)}`;
      return option.form === 'syn'
        ? `join${option.backup ? ' backup' : ''} id ${option.addressId} token ${hex(option.token)} nonce ${hex(option.nonce)}`
        : `join${option.backup ? ' backup' : ''} id ${option.addressId} hmac 0x${toHex(option.hmac).replace(/^0+/, '')} nonce ${hex(option.nonce)}`;
    case 'dss': {
      const fin = (option.flags & DssFlag.F) === 0 ? '' : ' fin';
      const ack = option.ack === undefined ? '' : ` ack ${option.ack}`;
      const map = option.dsn === undefined ? '' : ` seq ${option.dsn} subseq ${option.ssn} len ${option.dataLength}`;
      return `dss${fin}${ack}${map}${option.checksum === undefined ? '' : ` csum ${hex(option.checksum)}`}`;
    }
    case 'add_addr': {
      const address = option.address.length === 4 ? ipv4Text(option.address, 0) : ipv6Text(option.address, 0);
      const hmac = option.hmac === undefined ? '' : ` hmac 0x${toHex(option.hmac).replace(/^0+/, '')}`;
      const version = option.nibble === 4 || option.nibble === 6 ? '' : ` v1${option.nibble === 1 ? '-echo' : ''}`;
      return `add-addr${version} id ${option.addressId} ${address}${option.port === undefined ? '' : `:${option.port}`}${hmac}`;
    }
    case 'mp_fastclose':
      return `fast-close key ${hex(option.peerKey)}`;
    default:
      return undefined;
  }
};
