/** WebCrypto with a key in it. */
export interface PlatformKey {
  readonly subtle: SubtleCrypto;
  readonly key: CryptoKey;
}

/** WebCrypto if it is there now; pages that came over plain http have none. */
export function currentSubtle(): SubtleCrypto | undefined {
  const { crypto } = globalThis as { readonly crypto?: Partial<Crypto> };
  return crypto?.subtle;
}

/**
 * A key that is imported at its first use and kept.
 * @returns gives undefined where WebCrypto is missing, or refuses the key, as Chromium does with AES of 192 bits
 */
export function importOnce(
  run: (subtle: SubtleCrypto) => Promise<CryptoKey>,
): () => Promise<PlatformKey | undefined> {
  let imported: Promise<CryptoKey | undefined> | undefined;
  return async () => {
    const subtle = currentSubtle();
    if (subtle === undefined) return undefined;
    // which keys a platform refuses cannot be asked beforehand; portable code takes them all
    imported ??= run(subtle).catch(() => undefined);
    const key = await imported;
    return key === undefined ? undefined : { subtle, key };
  };
}

/** The same bytes in memory of their own, as WebCrypto takes none that is shared between threads. */
export function unshared(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return data.buffer instanceof ArrayBuffer ? (data as Uint8Array<ArrayBuffer>) : new Uint8Array(data);
}
