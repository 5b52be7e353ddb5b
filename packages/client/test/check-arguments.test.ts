import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { formatMeta } from '@dimp/mkm';
import type { UploadOptions } from '@dimp/sdk';
import { describe, expect, it } from '@jest/globals';
import { HttpFileHost } from '../src/file-host/index.js';
import { StationTransport } from '../src/websocket/index.js';
import { person, reached } from './kit.js';

const url = 'ws://127.0.0.1:9394';

/** What plain JavaScript can pass. */
const newTransport = StationTransport as unknown as new (options?: unknown) => StationTransport;
const newHost = HttpFileHost as unknown as new (options?: unknown) => HttpFileHost;

describe('a transport', () => {
  it('says which option is of another kind', async () => {
    const { facebook, id: user, meta } = await person('alice');
    const alice = await facebook.user(user);
    const good = { facebook, user, stations: [{ url }] };
    const cases: readonly (readonly [unknown, string])[] = [
      [undefined, 'options: expected an object of options, got nothing; write new StationTransport('],
      [url, 'options: expected an object of options, got a string;'],
      [{ ...good, facebook: undefined }, 'options.facebook: expected a Facebook, got nothing;'],
      [{ ...good, facebook: alice }, 'options.facebook: expected a Facebook, got a User;'],
      [{ ...good, user: alice }, 'options.user: expected an ID, got a User; the ID of a user is user.id.'],
      [{ ...good, user: user.text }, 'options.user: expected an ID, got a string; facebook.parseID(text)'],
      [{ ...good, user: undefined }, 'options.user: expected an ID, got nothing;'],
      [{ facebook, user }, 'options.stations: expected a list, got nothing;'],
      [{ ...good, stations: url }, 'options.stations: expected a list, got a string;'],
      [{ ...good, stations: [url] }, 'options.stations[0]: expected { url }, got a string;'],
      [{ ...good, stations: [{ url }, {}] }, 'options.stations[1]: expected { url }, got another object;'],
      [
        { ...good, stations: [{ url, id: user.text }] },
        'options.stations[0].id: expected an ID, got a string;',
      ],
      [
        { ...good, stations: [{ url, id: user, meta: formatMeta(meta) }] },
        'options.stations[0].meta: expected a Meta, got another object;',
      ],
    ];
    for (const [options, text] of cases) {
      const make = (): unknown => new newTransport(options);
      expect(make).toThrow(TypeError);
      expect(make).toThrow(text);
    }
    expect(new newTransport({ ...good, stations: [{ url, id: user, meta }] }).state.kind).toBe('idle');
  });

  it.each([
    ['ws', createHttpServer((_, response) => response.end('hello')), 'no station answers there'],
    ['wss', createHttpServer(), 'is it ws:?'],
    ['wss', createServer(socket => socket.end('what?\n')), 'is it ws:?'],
    ['wss', createServer(socket => socket.destroy()), 'is it ws:?'],
  ])('tells by %s: what else is there', async (scheme, server: Server, text) => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { facebook, id: user } = await person('alice');
    const stations = [{ url: `${scheme}://127.0.0.1:${port}` }];
    const transport = new StationTransport({ facebook, user, stations });
    try {
      void transport.connect().catch(() => undefined);
      const { reason } = await reached(transport, 'waiting');
      expect(reason.message).toContain(text);
    } finally {
      await transport.close();
      server.close();
    }
  });
});

describe('a file host', () => {
  it('tells a setting of another kind', async () => {
    const session = { upload: () => undefined };
    for (const stallSeconds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 'x']) {
      expect(() => new newHost({ session, stallSeconds })).toThrow(RangeError);
    }
    expect(() => new newHost({ session, allow: 'https://files.example.org' })).toThrow(
      'options.allow: expected a list, got a string; write [',
    );
    const host = new HttpFileHost({ session });
    await expect(host.upload('text' as unknown as Uint8Array, {} as UploadOptions)).rejects.toThrow(
      'data: expected bytes (Uint8Array), got a string',
    );
  });

  it.each([
    [undefined, 'options: expected an object of options, got nothing; write new HttpFileHost({ session })'],
    [{}, 'options.session: expected one with upload(), got nothing;'],
    [{ upload: () => undefined }, 'options.session: expected one with upload(), got nothing;'],
    [{ session: { upload: { url } } }, 'options.session: expected one with upload(), got another object;'],
  ])('needs a session (%#)', (options, text) => {
    const make = (): unknown => new newHost(options);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(text);
  });
});
