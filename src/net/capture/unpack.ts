/** Octets packed by gzip (RFC 1952), unpacked as a stream. Damage is reported once; everything before it is yielded. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { malformed } from '../../protocol/bytes/malformed.js';
import type { ReportProblem } from './captured-frame.js';
import type { OctetSource } from './octet-source.js';

const magic = [0x1f, 0x8b] as const;

/** Whether these first octets are those of a gzip member. */
export const isPacked = (octets: Uint8Array): boolean => octets[0] === magic[0] && octets[1] === magic[1];

const chunkSize = 1024 * 1024;

export async function* unpacked(source: OctetSource, report: ReportProblem): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(octetsOf(source), { objectMode: false });
  const unpacking = packed.pipe(createGunzip({ chunkSize }));
  packed.on('error', (error) => unpacking.destroy(error));
  try {
    for await (const chunk of unpacking) yield chunk;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code !== 'string' || !code.startsWith('Z_') || !(error instanceof Error)) throw error;
    report(malformed('gzip', source.offset, `cannot be unpacked any further: ${error.message}`));
  } finally {
    packed.destroy();
  }
}

async function* octetsOf(source: OctetSource): AsyncGenerator<Uint8Array> {
  while (await source.fill(1)) yield source.take(source.available).slice();
}
