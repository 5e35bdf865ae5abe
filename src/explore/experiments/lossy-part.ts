/**
 * The lossy part of the default path in the robustness experiment: everything towards the server; everything in both
 * directions; or only SYNs towards the server, which is what the paper's reasoning counts.
 */
export const lossyParts = ['to-server', 'both', 'syns'] as const;
export type LossyPart = (typeof lossyParts)[number];
