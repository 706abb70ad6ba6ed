/** What the program ends with: contract §1. */
export const EXIT = { fine: 0, failed: 1, wrongUsage: 2, refused: 3, notBound: 4 } as const;
