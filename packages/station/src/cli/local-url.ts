import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Where this machine reaches a station that listens there: by number, as names may be somebody else's. */
export async function localUrl(
  { host, port }: { readonly host: string; readonly port: number },
  isSecure: boolean,
): Promise<string> {
  const address = everywhere[host] ?? (isIP(host) === 0 ? (await lookup(host)).address : host);
  const name = address.includes(':') ? `[${address}]` : address;
  return `${isSecure ? 'https' : 'http'}://${name}:${port}`;
}

/** One that listens on all addresses does so on this one too. */
const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
