/**
 * The words of the case language for TCP and MPTCP options and for the TCP header, derived from the layouts of the
 * codecs. Schema, composer, matcher and lint use the same table.
 */
import { wordOf } from '../../protocol/layout/field.js';
import { headerPlaces } from '../../protocol/layout/header.js';
import { type Word, wordsOf } from '../../protocol/layout/words.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import { tcpHeader } from '../../protocol/wire/tcp.js';
import { optionLayouts } from '../../protocol/wire/tcp-option.js';

export interface OptionWords {
  readonly meaning: string;
  readonly fields: Readonly<Record<string, Word>>;
}

/** In the order in which a case's options go on the wire. */
export const optionLanguage: Readonly<Record<string, OptionWords>> = Object.fromEntries(
  optionLayouts.map((layout) => [layout.option, { meaning: layout.meaning, fields: wordsOf(layout) }]),
);

/**
 * Fields that any kind-30 option may carry when sending, to write it wrong on purpose: `length` cuts or zero-fills the
 * option to that many octets and says so in its length octet; `length_octet` only lies.
 */
export const wrongFields: Readonly<Record<string, string>> = {
  length: 'sending: the option is cut or filled with zeros to this many octets',
  length_octet: 'sending: what the length octet says, whatever the option holds',
};

export interface HeaderWord {
  readonly bits: number;
  readonly meaning: string;
  /** The name of the field in a decoded header. */
  readonly field: string;
  read(tcp: Tcp): bigint;
}

/** Fields that the flow determines, so that a case does not give them. */
const decidedByFlow: ReadonlySet<string> = new Set(['sourcePort', 'destinationPort']);

/** TCP header fields of a segment. */
export const headerFields: Readonly<Record<string, HeaderWord>> = Object.fromEntries(
  headerPlaces(tcpHeader)
    .filter(({ name }) => !decidedByFlow.has(name))
    .map(({ name, field, bits }) => [
      wordOf(name),
      { bits, meaning: field.meaning, field: name, read: (tcp: Tcp) => BigInt(tcp[name as keyof typeof tcpHeader]) },
    ]),
);
