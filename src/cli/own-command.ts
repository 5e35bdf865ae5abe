/** How this program was called, so that advice which names it works as written. */
import { basename, relative } from 'node:path';

/** `script` as Node has it: an absolute path, links in it not followed. */
export const ownCommand = (script: string, workingDirectory: string): string => {
  if (/\/node_modules\/\.bin\/robe$/.test(script)) return 'npx robe';
  if (basename(script) === 'robe') return 'robe';
  const near = relative(workingDirectory, script);
  return `node ${near.startsWith('..') ? script : near}`;
};

/** Advice with the command by which this program was called in place of `robe`. */
export const adviseAs = (own: string, advice: string): string => advice.replaceAll(/(?<![\w-])robe(?= [a-z])/g, own);
