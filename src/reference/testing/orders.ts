/**
 * Every order in which the segments of an establishment over two paths can arrive, without loss: S a SYN, Y its SYN/ACK, A the
 * third segment with MP_CAPABLE, J with MP_JOIN_CAP, cR and sR resets of client and server, T2 the client's timer; the
 * number is the path. `client` and `server` are the paths that each end takes for the initial subflow.
 */
export interface Order {
  readonly name: string;
  readonly arrivals: string;
  readonly client: number;
  readonly server: number;
}

const order = (name: string, arrivals: string, client: number, server = client): Order => ({
  name,
  arrivals,
  client,
  server,
});

/** Proposal 1: every flow is attached, and the ends may differ. */
export const downgradeOrders: readonly Order[] = [
  order('P1-2-01', 'S1 Y1 A1 S2 Y2 A2', 1, 1),
  order('P1-2-02', 'S1 Y1 S2 Y2 A1 A2', 1, 1),
  order('P1-2-03', 'S1 Y1 S2 Y2 A2 A1', 1, 2),
  order('P1-2-04', 'S1 Y1 S2 A1 Y2 A2', 1, 1),
  order('P1-2-05', 'S1 S2 Y1 Y2 A1 A2', 1, 1),
  order('P1-2-06', 'S1 S2 Y1 Y2 A2 A1', 1, 2),
  order('P1-2-07', 'S1 S2 Y1 A1 Y2 A2', 1, 1),
  order('P1-2-08', 'S1 S2 Y2 Y1 A1 A2', 2, 1),
  order('P1-2-09', 'S1 S2 Y2 Y1 A2 A1', 2, 2),
  order('P1-2-10', 'S1 S2 Y2 A2 Y1 A1', 2, 2),
  order('P1-2-11', 'S2 Y2 S1 Y1 A1 A2', 2, 1),
  order('P1-2-12', 'S2 Y2 S1 Y1 A2 A1', 2, 2),
  order('P1-2-13', 'S2 Y2 S1 A2 Y1 A1', 2, 2),
  order('P1-2-14', 'S2 Y2 A2 S1 Y1 A1', 2, 2),
  order('P1-2-15', 'S2 S1 Y1 Y2 A1 A2', 1, 1),
  order('P1-2-16', 'S2 S1 Y1 Y2 A2 A1', 1, 2),
  order('P1-2-17', 'S2 S1 Y1 A1 Y2 A2', 1, 1),
  order('P1-2-18', 'S2 S1 Y2 Y1 A1 A2', 2, 1),
  order('P1-2-19', 'S2 S1 Y2 Y1 A2 A1', 2, 2),
  order('P1-2-20', 'S2 S1 Y2 A2 Y1 A1', 2, 2),
];

/** Proposal 2: one flow survives, the others end by resets. */
export const breakBeforeMakeOrders: readonly Order[] = [
  order('P2-2-01', 'S1 Y1 A1 S2 sR2', 1),
  order('P2-2-02', 'S1 Y1 S2 Y2 A1 sR2 A2 sR2', 1),
  order('P2-2-03', 'S1 Y1 S2 Y2 A1 A2 sR2 sR2', 1),
  order('P2-2-04', 'S1 Y1 S2 Y2 A2 sR1 A1 sR1', 2),
  order('P2-2-05', 'S1 Y1 S2 Y2 A2 A1 sR1 sR1', 2),
  order('P2-2-06', 'S1 Y1 S2 A1 sR2 Y2 cR2', 1),
  order('P2-2-07', 'S1 Y1 S2 A1 Y2 sR2 A2 sR2', 1),
  order('P2-2-08', 'S1 Y1 S2 A1 Y2 A2 sR2 sR2', 1),
  order('P2-2-09', 'S1 S2 Y1 Y2 A1 sR2 A2 sR2', 1),
  order('P2-2-10', 'S1 S2 Y1 Y2 A1 A2 sR2 sR2', 1),
  order('P2-2-11', 'S1 S2 Y1 Y2 A2 sR1 A1 sR1', 2),
  order('P2-2-12', 'S1 S2 Y1 Y2 A2 A1 sR1 sR1', 2),
  order('P2-2-13', 'S1 S2 Y1 A1 sR2 Y2 cR2', 1),
  order('P2-2-14', 'S1 S2 Y1 A1 Y2 sR2 A2 sR2', 1),
  order('P2-2-15', 'S1 S2 Y1 A1 Y2 A2 sR2 sR2', 1),
  order('P2-2-16', 'S1 S2 Y2 Y1 A1 sR2 A2 sR2', 1),
  order('P2-2-17', 'S1 S2 Y2 Y1 A1 A2 sR2 sR2', 1),
  order('P2-2-18', 'S1 S2 Y2 Y1 A2 sR1 A1 sR1', 2),
  order('P2-2-19', 'S1 S2 Y2 Y1 A2 A1 sR1 sR1', 2),
  order('P2-2-20', 'S1 S2 Y2 A2 sR1 Y1 cR1', 2),
  order('P2-2-21', 'S1 S2 Y2 A2 Y1 sR1 A1 sR1', 2),
  order('P2-2-22', 'S1 S2 Y2 A2 Y1 A1 sR1 sR1', 2),
  order('P2-2-23', 'S2 Y2 S1 Y1 A1 sR2 A2 sR2', 1),
  order('P2-2-24', 'S2 Y2 S1 Y1 A1 A2 sR2 sR2', 1),
  order('P2-2-25', 'S2 Y2 S1 Y1 A2 sR1 A1 sR1', 2),
  order('P2-2-26', 'S2 Y2 S1 Y1 A2 A1 sR1 sR1', 2),
  order('P2-2-27', 'S2 Y2 S1 A2 sR1 Y1 cR1', 2),
  order('P2-2-28', 'S2 Y2 S1 A2 Y1 sR1 A1 sR1', 2),
  order('P2-2-29', 'S2 Y2 S1 A2 Y1 A1 sR1 sR1', 2),
  order('P2-2-30', 'S2 Y2 A2 S1 sR1', 2),
  order('P2-2-31', 'S2 S1 Y1 Y2 A1 sR2 A2 sR2', 1),
  order('P2-2-32', 'S2 S1 Y1 Y2 A1 A2 sR2 sR2', 1),
  order('P2-2-33', 'S2 S1 Y1 Y2 A2 sR1 A1 sR1', 2),
  order('P2-2-34', 'S2 S1 Y1 Y2 A2 A1 sR1 sR1', 2),
  order('P2-2-35', 'S2 S1 Y1 A1 sR2 Y2 cR2', 1),
  order('P2-2-36', 'S2 S1 Y1 A1 Y2 sR2 A2 sR2', 1),
  order('P2-2-37', 'S2 S1 Y1 A1 Y2 A2 sR2 sR2', 1),
  order('P2-2-38', 'S2 S1 Y2 Y1 A1 sR2 A2 sR2', 1),
  order('P2-2-39', 'S2 S1 Y2 Y1 A1 A2 sR2 sR2', 1),
  order('P2-2-40', 'S2 S1 Y2 Y1 A2 sR1 A1 sR1', 2),
  order('P2-2-41', 'S2 S1 Y2 Y1 A2 A1 sR1 sR1', 2),
  order('P2-2-42', 'S2 S1 Y2 A2 sR1 Y1 cR1', 2),
  order('P2-2-43', 'S2 S1 Y2 A2 Y1 sR1 A1 sR1', 2),
  order('P2-2-44', 'S2 S1 Y2 A2 Y1 A1 sR1 sR1', 2),
];

/** Proposal 3 and RobE_TIMER against a server that knows nothing of it. */
export const timerOrders: readonly Order[] = [
  order('TM-2-01', 'S1 Y1 A1', 1),
  order('TM-2-02', 'S1 T2 Y1 A1 S2 Y2 cR2', 1),
  order('TM-2-03', 'S1 T2 Y1 S2 Y2 A1 cR2', 1),
  order('TM-2-04', 'S1 T2 Y1 S2 Y2 cR2 A1', 1),
  order('TM-2-05', 'S1 T2 Y1 S2 A1 Y2 cR2', 1),
  order('TM-2-06', 'S1 T2 S2 Y1 Y2 A1 cR2', 1),
  order('TM-2-07', 'S1 T2 S2 Y1 Y2 cR2 A1', 1),
  order('TM-2-08', 'S1 T2 S2 Y1 A1 Y2 cR2', 1),
  order('TM-2-09', 'S1 T2 S2 Y2 Y1 cR1 A2', 2),
  order('TM-2-10', 'S1 T2 S2 Y2 Y1 A2 cR1', 2),
  order('TM-2-11', 'S1 T2 S2 Y2 A2 Y1 cR1', 2),
  order('TM-2-12', 'T2 S1 Y1 A1 S2 Y2 cR2', 1),
  order('TM-2-13', 'T2 S1 Y1 S2 Y2 A1 cR2', 1),
  order('TM-2-14', 'T2 S1 Y1 S2 Y2 cR2 A1', 1),
  order('TM-2-15', 'T2 S1 Y1 S2 A1 Y2 cR2', 1),
  order('TM-2-16', 'T2 S1 S2 Y1 Y2 A1 cR2', 1),
  order('TM-2-17', 'T2 S1 S2 Y1 Y2 cR2 A1', 1),
  order('TM-2-18', 'T2 S1 S2 Y1 A1 Y2 cR2', 1),
  order('TM-2-19', 'T2 S1 S2 Y2 Y1 cR1 A2', 2),
  order('TM-2-20', 'T2 S1 S2 Y2 Y1 A2 cR1', 2),
  order('TM-2-21', 'T2 S1 S2 Y2 A2 Y1 cR1', 2),
  order('TM-2-22', 'T2 S2 Y2 S1 Y1 cR1 A2', 2),
  order('TM-2-23', 'T2 S2 Y2 S1 Y1 A2 cR1', 2),
  order('TM-2-24', 'T2 S2 Y2 S1 A2 Y1 cR1', 2),
  order('TM-2-25', 'T2 S2 Y2 A2 S1 Y1 cR1', 2),
  order('TM-2-26', 'T2 S2 S1 Y1 Y2 A1 cR2', 1),
  order('TM-2-27', 'T2 S2 S1 Y1 Y2 cR2 A1', 1),
  order('TM-2-28', 'T2 S2 S1 Y1 A1 Y2 cR2', 1),
  order('TM-2-29', 'T2 S2 S1 Y2 Y1 cR1 A2', 2),
  order('TM-2-30', 'T2 S2 S1 Y2 Y1 A2 cR1', 2),
  order('TM-2-31', 'T2 S2 S1 Y2 A2 Y1 cR1', 2),
];

/** RobE_SIM: the first SYN/ACK wins, the other flow is reset. */
export const simultaneousOrders: readonly Order[] = [
  order('SIM-2-01', 'S1 Y1 A1 S2 Y2 cR2', 1),
  order('SIM-2-02', 'S1 Y1 S2 Y2 A1 cR2', 1),
  order('SIM-2-03', 'S1 Y1 S2 Y2 cR2 A1', 1),
  order('SIM-2-04', 'S1 Y1 S2 A1 Y2 cR2', 1),
  order('SIM-2-05', 'S1 S2 Y1 Y2 A1 cR2', 1),
  order('SIM-2-06', 'S1 S2 Y1 Y2 cR2 A1', 1),
  order('SIM-2-07', 'S1 S2 Y1 A1 Y2 cR2', 1),
  order('SIM-2-08', 'S1 S2 Y2 Y1 cR1 A2', 2),
  order('SIM-2-09', 'S1 S2 Y2 Y1 A2 cR1', 2),
  order('SIM-2-10', 'S1 S2 Y2 A2 Y1 cR1', 2),
  order('SIM-2-11', 'S2 Y2 S1 Y1 cR1 A2', 2),
  order('SIM-2-12', 'S2 Y2 S1 Y1 A2 cR1', 2),
  order('SIM-2-13', 'S2 Y2 S1 A2 Y1 cR1', 2),
  order('SIM-2-14', 'S2 Y2 A2 S1 Y1 cR1', 2),
  order('SIM-2-15', 'S2 S1 Y1 Y2 A1 cR2', 1),
  order('SIM-2-16', 'S2 S1 Y1 Y2 cR2 A1', 1),
  order('SIM-2-17', 'S2 S1 Y1 A1 Y2 cR2', 1),
  order('SIM-2-18', 'S2 S1 Y2 Y1 cR1 A2', 2),
  order('SIM-2-19', 'S2 S1 Y2 Y1 A2 cR1', 2),
  order('SIM-2-20', 'S2 S1 Y2 A2 Y1 cR1', 2),
];

/** RobE_eSIM, the same in both versions: the other flow joins by MP_JOIN_CAP. */
export const enhancedOrders: readonly Order[] = [
  order('ES-01', 'S1 Y1 A1 S2 Y2 J2', 1),
  order('ES-02', 'S1 Y1 S2 Y2 A1 J2', 1),
  order('ES-03', 'S1 Y1 S2 Y2 J2 A1', 1),
  order('ES-04', 'S1 Y1 S2 A1 Y2 J2', 1),
  order('ES-05', 'S1 S2 Y1 Y2 A1 J2', 1),
  order('ES-06', 'S1 S2 Y1 Y2 J2 A1', 1),
  order('ES-07', 'S1 S2 Y1 A1 Y2 J2', 1),
  order('ES-08', 'S1 S2 Y2 Y1 J1 A2', 2),
  order('ES-09', 'S1 S2 Y2 Y1 A2 J1', 2),
  order('ES-10', 'S1 S2 Y2 A2 Y1 J1', 2),
  order('ES-11', 'S2 Y2 S1 Y1 J1 A2', 2),
  order('ES-12', 'S2 Y2 S1 Y1 A2 J1', 2),
  order('ES-13', 'S2 Y2 S1 A2 Y1 J1', 2),
  order('ES-14', 'S2 Y2 A2 S1 Y1 J1', 2),
  order('ES-15', 'S2 S1 Y1 Y2 A1 J2', 1),
  order('ES-16', 'S2 S1 Y1 Y2 J2 A1', 1),
  order('ES-17', 'S2 S1 Y1 A1 Y2 J2', 1),
  order('ES-18', 'S2 S1 Y2 Y1 J1 A2', 2),
  order('ES-19', 'S2 S1 Y2 Y1 A2 J1', 2),
  order('ES-20', 'S2 S1 Y2 A2 Y1 J1', 2),
];
