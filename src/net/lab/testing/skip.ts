/** Tests that cannot run here say why, on a line of their own, before they are counted as skipped. */
import { loadCap } from '../../link/libpcap/loader.js';
import { findPrivilege } from '../privilege.js';

/** Said once, however many tests it keeps from running: the end of `npm test` lists and counts them. */
const said = new Set<string>();

/** Skips the test, or all tests of the suite whose hook it is, and leaves the reason there for the listing at the end. */
export function skipBecause(context: Mocha.Context, why: string): never {
  if (!said.has(why)) process.stdout.write(`    skipped: ${why}\n`);
  said.add(why);
  const running: Mocha.Runnable & { readonly type?: string } = context.runnable();
  // A hook keeps all tests of its suite from running.
  const skipped = running.type === 'hook' ? running.parent : running;
  Object.assign(skipped ?? running, { skippedBecause: why });
  return context.skip();
}

/** Skips what needs root's privilege to make namespaces where there is none. */
export async function needRoot(context: Mocha.Context): Promise<void> {
  const { privilege } = await findPrivilege();
  if (privilege !== 'root') skipBecause(context, `namespaces are made by root, the privilege here is: ${privilege}`);
}

/** Skips what captures in namespaces where there is no privilege, or no libpcap. */
export async function needLiveLab(context: Mocha.Context): Promise<void> {
  await needRoot(context);
  const lack = await loadCap().then(() => undefined, String);
  if (lack !== undefined) skipBecause(context, lack);
}

/** What a control says where the kernel has no MPTCP; any other refusal is a failure of the test. */
export const lacksMptcp = /not supported|not available/;
