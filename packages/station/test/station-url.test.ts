import { hostname } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { stationUrl, uploadOffer } from '../src/station-url.js';

describe('the URL of a station', () => {
  it('is where it listens, unless it was told another', () => {
    const tls = { key: 'key.pem', certificate: 'certificate.pem' };
    expect(stationUrl({}, '127.0.0.1', 9394)).toBe('ws://127.0.0.1:9394');
    expect(stationUrl({ tls }, '::1', 9394)).toBe('wss://[::1]:9394');
    expect(stationUrl({}, '0.0.0.0', 9394)).toBe(`ws://${hostname()}:9394`);
    expect(stationUrl({ url: 'wss://chat.example.org/' }, '127.0.0.1', 9394)).toBe('wss://chat.example.org');
  });

  it('leads to where files are uploaded', () => {
    const token = { token: 'abc', expires: 5 };
    const of = (files: { readonly url: string } | undefined, url: string) =>
      uploadOffer(files === undefined ? {} : { files }, url, token)['url'];
    expect(of(undefined, 'wss://chat.example.org')).toBe('https://chat.example.org/upload/{ID}/file');
    expect(of({ url: 'https://files.example.org/' }, 'ws://127.0.0.1:1')).toBe(
      'https://files.example.org/upload/{ID}/file',
    );
  });
});
