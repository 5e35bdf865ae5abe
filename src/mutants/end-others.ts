/** A fault that reaches other flows: when a segment comes, the host believes that its peer has reset them as well. */
import { TcpFlag } from '../protocol/wire/packet.js';
import { type Fault, imagine, type Passing } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { redraft } from './segment.js';

/** Ends every flow but the segment's own (or those of them that `which` names) and lets the segment through. */
export const endOthers = (
  test: (tcp: Passing['tcp'], passing: Passing) => boolean,
  which: (other: FlowHistory, passing: Passing) => boolean = () => true,
): Fault =>
  imagine(test, (passing) =>
    passing.flows.flatMap((other) => {
      const latest = other.latestIn;
      if (other === passing.flow || latest === undefined || other.reset || !which(other, passing)) return [];
      const seq = other.next('in') ?? latest.tcp.seq;
      const draft = redraft(latest, { flags: TcpFlag.RST, seq, options: [], payload: new Uint8Array(0) });
      return [{ path: other.path, draft }];
    }),
  );
