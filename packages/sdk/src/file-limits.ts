/** How much of a file is held in memory at once. What is larger goes by stream. */
export const fileLimits = {
  /**
   * Bytes of a file that travels inside its message when there is no upload. It is written in base64 twice,
   * so this much takes 7.5 of the 8 megabytes that a package may have.
   */
  inlineBytes: 4_194_304,
  /**
   * Bytes that are fetched as soon as a message comes. A sender decides what stands there, and encrypted and
   * decrypted it is in memory twice; a photo fits, a film is opened later with `openFile`.
   */
  downloadBytes: 16_777_216,
  /** Bytes in one piece when bytes are given out as a stream. */
  chunkBytes: 65_536,
} as const;
