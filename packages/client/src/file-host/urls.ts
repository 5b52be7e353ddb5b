import { UsageError } from '@dimp/crypto';

/** A URL of HTTP without a user in it; undefined for all else. */
export function parseHttpUrl(text: string, base?: URL): URL | undefined {
  if (text.length > 4_096 || !URL.canParse(text, base)) return undefined;
  const url = new URL(text, base);
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  return isHttp && url.username === '' && url.password === '' ? url : undefined;
}

/** The places that files are fetched from. */
export class AllowedOrigins {
  readonly #origins: Set<string>;

  /** @throws {UsageError} one of them is no origin, such as `https://files.example.org` */
  constructor(origins: readonly string[]) {
    for (const text of origins) {
      const url = parseHttpUrl(text);
      if (url === undefined || (text !== url.origin && text !== `${url.origin}/`)) {
        throw new UsageError(
          `allow: expected an origin like https://files.example.org, got ${JSON.stringify(text)}`,
        );
      }
    }
    this.#origins = new Set(origins.map(text => new URL(text).origin));
  }

  add(url: URL): void {
    this.#origins.add(url.origin);
  }

  has(url: URL): boolean {
    return this.#origins.has(url.origin);
  }
}
