/** Programs that are to be interrupted by tests, when they are ready for it and not after some time. */
import type { ChildProcess } from 'node:child_process';

const mark = 'catches SIGINT';

/** Options of node: what runs says on its standard error when it begins to catch Ctrl-C. */
export const announcing: readonly string[] = [
  '--import',
  `data:text/javascript,process.on('newListener',(event)=>event==='SIGINT'&&process.stderr.write('${mark}\\n'))`,
];

/** Resolves once the program has said so; also when it ended before, which the test will see. */
export const untilInterruptible = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    let said = '';
    child.stderr?.on('data', (text) => {
      said += String(text);
      if (said.includes(mark)) resolve();
    });
    child.once('exit', () => resolve());
  });
