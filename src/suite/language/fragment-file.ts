/**
 * What the place of a file says of the fragments in it: those directly below `fragments/` are general, openings and exchanges
 * that any dialogue may begin with; those below `fragments/ladders/` are the dialogues of one family of cases.
 */
export const isGeneralFragment = (file: string): boolean => /(^|[/\\])fragments[/\\][^/\\]+$/.test(file);
