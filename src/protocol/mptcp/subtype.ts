/** Subtypes that the RFCs assign (RFC 6824 section 8, RFC 8684 section 7.2). 8 is unassigned in v0. */
export const Subtype = {
  mpCapable: 0x0,
  mpJoin: 0x1,
  dss: 0x2,
  addAddr: 0x3,
  removeAddr: 0x4,
  mpPrio: 0x5,
  mpFail: 0x6,
  mpFastclose: 0x7,
  mpTcpRst: 0x8,
} as const;
