/** A lab, or a machine in one, that cannot be is a fault of the environment, told in one message. */
import { UsageError } from '../../conduct/usage-error.js';
import { exitCodes } from '../../gate/exit-code.js';
import { LabError } from '../../net/lab/command.js';

/** `name` is the command, for the message. */
export const guardLab = async (name: string, act: () => Promise<void>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError([error.message]);
    if (!(error instanceof LabError)) throw error;
    process.stderr.write(`robe ${name}: ${error.message}\n  to mend it: ${error.remedy}\n`);
    process.exitCode = exitCodes.error;
  }
};
