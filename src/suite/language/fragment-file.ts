/**
 * The kind of fragments by the place of their file: those directly below `fragments/` are general, openings and exchanges
 * with which any dialogue may begin; those below `fragments/ladders/` are the dialogues of one family of cases.
 */
export const isGeneralFragment = (file: string): boolean => /(^|[/\\])fragments[/\\][^/\\]+$/.test(file);
