/** The page's style sheet and script: files of their own beside the source, put into each page as they are. */
import { readFileSync } from 'node:fs';

const asset = (name: string): string =>
  readFileSync(new URL(`../../../src/report/html/assets/${name}`, import.meta.url), 'utf8');

let style: string | undefined;
let script: string | undefined;

export const pageStyle = (): string => {
  style ??= asset('page.css');
  return style;
};

/** Holds no `</script`. */
export const pageScript = (): string => {
  script ??= asset('page.js');
  return script;
};
