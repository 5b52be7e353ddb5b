import { hostname } from 'node:os';
import type { JsonObject } from '@dimp/crypto';
import type { UploadToken } from './files/upload-tokens.js';
import type { StationOptions } from './station-options.js';

/**
 * What clients are told: the URL of the options, or that of where the station listens. One that listens on all addresses
 * is named by its machine.
 */
export function stationUrl(options: Pick<StationOptions, 'url' | 'tls'>, host: string, port: number): string {
  if (options.url !== undefined) return options.url.replace(/\/+$/, '');
  const name = host === '0.0.0.0' || host === '::' ? hostname() : host;
  return `${options.tls === undefined ? 'ws' : 'wss'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Where and with what a user uploads files. `{ID}` in the URL stands for his address. */
export function uploadOffer(
  { files }: Pick<StationOptions, 'files'>,
  url: string,
  { token, expires }: UploadToken,
): JsonObject {
  const own = files === false ? undefined : files?.url;
  const base = own === undefined ? url.replace(/^ws/, 'http') : own.replace(/\/+$/, '');
  return { url: `${base}/upload/{ID}/file`, token, expires };
}
