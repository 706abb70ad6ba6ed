/** What the program ends with, for scripts that start it. */
export const EXIT = { fine: 0, failed: 1, wrongUsage: 2, refused: 3, notBound: 4 } as const;
