/** Taking a segment for another one, as `misread` does, unless its checksum is wrong: then it stays what it is, to be dropped. */
import { type Fault, misread } from '../mutants/fault.js';

export const taking = (...[test, edit]: Parameters<typeof misread>): Fault =>
  misread((tcp, passing) => tcp.checksumState === 'valid' && test(tcp, passing), edit);
