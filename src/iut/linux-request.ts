/**
 * Options of `lab:linux` besides a kernel with the lab's settings:
 * `linux,sysctl=net.ipv4.tcp_ecn=1,declare=tcp.retries=1`.
 */
import { type EndpointUse, type KernelTuning, readKernelSetting } from '../net/lab/kernel-tuning.js';
import { didYouMean } from '../suite/catalogue/near-miss.js';
import { parameterDefaults } from '../suite/language/parameters.js';
import { readOptions } from './request-options.js';
import type { Parameters } from './settings.js';

export interface LinuxRequest {
  readonly tuning: KernelTuning;
  readonly declared: Parameters;
}

const mostSubflows = 8;
const uses: readonly EndpointUse[] = ['subflow', 'signal'];

/** Throws a RangeError that says what was expected. */
export const readLinuxRequest = (text: string): LinuxRequest => {
  const { all, once } = readOptions(text, ['sysctl', 'subflows', 'endpoint', 'declare']);
  const subflows = once('subflows');
  return {
    tuning: {
      sysctl: all('sysctl').map(readKernelSetting),
      ...(subflows === undefined ? {} : { subflows: readSubflows(subflows) }),
      endpoints: all('endpoint').map(readUse),
    },
    declared: Object.fromEntries(all('declare').map(readDeclared)),
  };
};

const readSubflows = (value: string): number => {
  const number = Number(value);
  if (!/^\d$/.test(value) || number > mostSubflows)
    throw new RangeError(`subflows= must be a whole number from 0 to ${mostSubflows}, got ${value}`);
  return number;
};

const readUse = (value: string): EndpointUse => {
  const found = uses.find((each) => each === value);
  if (found === undefined) throw new RangeError(`endpoint= must be ${uses.join(' or ')}, got ${value}`);
  return found;
};

const readDeclared = (value: string): readonly [name: string, value: string | number | boolean] => {
  const [, name = '', setting = ''] = /^([\w.]+)=(.+)$/.exec(value) ?? [];
  if (!Object.hasOwn(parameterDefaults, name))
    throw new RangeError(
      `declare= takes the name and value of an open point; there is no "${name}"${didYouMean(name, Object.keys(parameterDefaults))}`,
    );
  if (setting === 'true' || setting === 'false') return [name, setting === 'true'];
  return [name, /^\d+(\.\d+)?$/.test(setting) ? Number(setting) : setting];
};
