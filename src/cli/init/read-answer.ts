/** Answers as people type them, or the sentence that says what was expected. */

export const wordsFrom = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== '');

export const rolesFrom = (text: string): readonly string[] | string => {
  const roles = wordsFrom(text);
  const odd = roles.find((role) => role !== 'server' && role !== 'client');
  return odd !== undefined || roles.length === 0
    ? `expected server, client or both, got ${JSON.stringify(text)}`
    : roles;
};

export const versionsFrom = (text: string): readonly number[] | string => {
  const words = wordsFrom(text);
  if (words.length === 1 && words[0] === 'none') return [];
  return words.every((word) => word === '0' || word === '1')
    ? words.map(Number)
    : `expected 0, 1, both or none, got ${JSON.stringify(text)}`;
};

const mostPort = 65_535;

export const portFrom = (text: string): number | string => {
  const port = Number(text);
  return Number.isInteger(port) && port >= 1 && port <= mostPort
    ? port
    : `expected a port from 1 to ${mostPort}, got ${text}`;
};
