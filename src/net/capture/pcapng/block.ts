/**
 * The building blocks of pcapng (draft-ietf-opsawg-pcapng): a file is a list of blocks
 *
 *     | type | total length | body, padded to 32 bits | total length again |
 *
 * and the body of most ends with options `code (2) | length (2) | value, padded`, closed by code 0. Numbers here are those of
 * the specification; offsets of fields count from the start of the body.
 */
export const BlockType = {
  interfaceDescription: 1,
  /** Written before the enhanced packet took its place, and obsolete. */
  packet: 2,
  simplePacket: 3,
  nameResolution: 4,
  interfaceStatistics: 5,
  enhancedPacket: 6,
  section: 0x0a0d0d0a,
} as const;

export const byteOrderMagic = 0x1a2b3c4d;

/** Type and total length in front, total length again after. */
export const BlockFrame = { type: 0, length: 4, body: 8, trailer: 4 } as const;

export const SectionBody = { magic: 0, major: 4, minor: 6, sectionLength: 8, options: 16 } as const;
export const InterfaceBody = { linkType: 0, reserved: 2, snapLength: 4, options: 8 } as const;
export const EnhancedPacketBody = {
  interfaceId: 0,
  timeHigh: 4,
  timeLow: 8,
  capturedLength: 12,
  originalLength: 16,
  octets: 20,
} as const;
/** As the enhanced packet, but for an interface of two octets, followed by a count of frames that were lost. */
export const PacketBody = { interfaceId: 0 } as const;
export const SimplePacketBody = { originalLength: 0, octets: 4 } as const;
export const StatisticsBody = { interfaceId: 0, timeHigh: 4, timeLow: 8, options: 12 } as const;

/** A name record: `type (2) | length (2) | address and zero-ended names, padded`. */
export const NameRecord = { type: 0, length: 2, value: 4 } as const;
export const NameType = { end: 0, ipv4: 1, ipv6: 2 } as const;

export const Option = { code: 0, length: 2, value: 4 } as const;

export const OptionCode = {
  end: 0,
  comment: 1,
  application: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  timeResolution: 9,
  timeOffset: 14,
  packetFlags: 2,
  received: 4,
  dropped: 5,
} as const;

/** The lowest two bits of a packet's flags. */
export const DirectionBits = { mask: 3, inbound: 1, outbound: 2 } as const;

export const wordSize = 4;
export const padded = (length: number): number => Math.ceil(length / wordSize) * wordSize;
