/** What labs there are on this machine, for people: whose, and the interfaces and addresses inside. */
import { command } from '../../net/lab/command.js';
import { isAlive, type LabOwner, nobody } from '../../net/lab/namespace-name.js';
import { listNamespaces, type PresentNamespace } from '../../net/lab/sweep.js';

/** One line a namespace, and one for each of its interfaces. */
export const describeLabs = async (): Promise<readonly string[]> => {
  const namespaces = listNamespaces();
  if (namespaces.length === 0) return ['no lab is up'];
  return (await Promise.all(namespaces.map(describeNamespace))).flat();
};

const describeNamespace = async ({ name, tag, side, owner }: PresentNamespace): Promise<readonly string[]> => {
  const interfaces = await command('ip', ['-n', name, '-brief', 'address']).catch(() => '');
  return [
    `${tag} ${side}  ${name}  ${describeOwner(owner)}`,
    ...interfaces
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `    ${line.trimEnd()}`),
  ];
};

const describeOwner = (owner: LabOwner): string => {
  if (owner.pid === nobody.pid) return 'stays until `robe lab down`';
  return isAlive(owner)
    ? `of the run with process id ${owner.pid}`
    : `left by process ${owner.pid}, which is gone; the next live run sweeps it`;
};
