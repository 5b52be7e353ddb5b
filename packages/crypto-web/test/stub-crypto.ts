const real = globalThis.crypto;

/** Puts another `crypto` in the platform's place until `restoreCrypto`. */
export function stubCrypto(crypto: Partial<Crypto> | undefined): void {
  Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true, writable: true });
}

/** The same with random numbers as ever. */
export function stubSubtle(subtle: Partial<SubtleCrypto>): void {
  stubCrypto({ subtle: subtle as SubtleCrypto, getRandomValues: array => real.getRandomValues(array) });
}

/** What a page that came over plain http has: random numbers, and no `subtle`. */
export function removeSubtle(): void {
  stubCrypto({ getRandomValues: array => real.getRandomValues(array) });
}

/** The platform's own, with the name of every operation that is called written down. */
export function watchSubtle(calls: string[]): void {
  stubSubtle(
    new Proxy(real.subtle, {
      get: (target, name) => {
        const operation = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          calls.push(String(name));
          return operation.apply(target, args);
        };
      },
    }),
  );
}

export function restoreCrypto(): void {
  stubCrypto(real);
}
