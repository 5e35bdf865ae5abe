/** `1 case`, `12 cases`: a number with its noun. Give `many` if it is not `one` with an s. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
