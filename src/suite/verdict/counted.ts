/** `1 case`, `12 cases`: a number and what it counts, as a sentence needs it. `many` is named where it is not `one` with an s. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
