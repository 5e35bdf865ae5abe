/** The names of TCP control bits, as people write them: `SYN`, `SYN/ACK`, `FIN/ACK`, `PSH/ACK`; `none` for no bit at all. */
import { TcpFlag } from './packet.js';

/** ACK stands after the flag that it accompanies, as in SYN/ACK. */
const order = ['SYN', 'RST', 'FIN', 'PSH', 'URG', 'ECE', 'CWR', 'ACK'] as const;

/** Every flag octet has few names and many readers: 256 texts, made once. */
const names: readonly string[] = Array.from({ length: 256 }, (_, flags) => {
  const set = order.filter((name) => (flags & TcpFlag[name]) !== 0);
  return set.length === 0 ? 'none' : set.join('/');
});

export const flagNames = (flags: number): string => names[flags & 0xff] ?? 'none';
