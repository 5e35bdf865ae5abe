/** The end of a server's case: data goes both ways over every open flow, and its application was handed one connection. */
import { flowName, type Ledger } from '../ledger.js';
import type { Names } from './names.js';

/** `ledger` of the server. */
export const conversation = (ledger: Ledger, names: Names): readonly string[] => {
  const initial = ledger.flows.find((flow) => flowName(flow) === ledger.initial);
  if (initial === undefined) return [];
  const others = ledger.flows.filter((flow) => flow !== initial && flow.third !== undefined && !flow.over);
  const keyB = initial.own?.key && names.key(initial.own.key, 'B', initial.path);
  const keyA = initial.third?.key && names.key(initial.third.key, 'A', initial.path);
  const steps = [initial, ...others].flatMap(({ path }, nth) => {
    const at = nth * 5;
    const [sent, echoed, acked] =
      keyA === undefined || keyB === undefined || keyA === 0n || keyB === 0n
        ? ['', '', '']
        : [
            `, dss: {ack: idsn(${keyB}) + ${at + 1}, dsn: idsn(${keyA}) + ${at + 1}, ssn: 1, checksum: auto}`,
            `, dss: {ack: idsn(${keyA}) + ${at + 6}, dsn: idsn(${keyB}) + ${at + 1}, ssn: 1, data_length: 5, checksum: auto}`,
            `, dss: {ack: idsn(${keyB}) + ${at + 6}}`,
          ];
    return [
      `send: {on: ${path}, segment: DATA, data: "RobE!"${sent}}`,
      `expect: {on: ${path}, segment: DATA, data: "RobE!"${echoed}}`,
      `send: {on: ${path}, segment: ACK${acked}}`,
    ];
  });
  return [...steps, 'control: {verb: accepted, answer: {count: 1}}'];
};
