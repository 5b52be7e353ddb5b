import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { every } from './after-test.js';
import { connectRaw, connectWeb, frame, startHost, until, upgradeRequest } from './socket-kit.js';

const urlOf = ({ port }: { readonly port: number }): string => `ws://127.0.0.1:${port}/any/path?at=all`;

describe('the WebSocket framing', () => {
  it('takes text and binary alike and sends text, one package each, without line end', async () => {
    const web = await connectWeb(urlOf(await startHost()));
    web.socket.send('{"a":1}');
    web.socket.send(Buffer.from('{"b":"\u00fc"}\n'));
    await until(() => web.messages.length === 2);
    expect(web.messages).toEqual([
      { text: '{"a":1}', isBinary: false },
      { text: '{"b":"\u00fc"}', isBinary: false },
    ]);
    expect(web.socket.extensions).toBe('');
  });

  it('negotiates no compression, and takes a subprotocol that is offered', async () => {
    const host = await startHost();
    const web = await connectWeb(urlOf(host), { perMessageDeflate: true, protocol: 'dimp' });
    expect([web.socket.extensions, web.socket.protocol]).toEqual(['', '']);
  });

  it('cuts payloads into lines', async () => {
    const host = await startHost();
    const web = await connectWeb(urlOf(host));
    web.socket.send('{"a":1}\n{"b":2}\n\n{"c":3}');
    await until(() => web.messages.length === 3);
    expect(host.seen[0]?.packages).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  it('puts fragments together, with pings between them', async () => {
    const web = await connectWeb(urlOf(await startHost()));
    const pong = once(web.socket, 'pong');
    web.socket.send('{"a"', { fin: false });
    web.socket.ping('still here');
    web.socket.send(':', { fin: false });
    web.socket.send('1}', { fin: true });
    await until(() => web.messages.length === 1);
    expect(web.texts()).toEqual(['{"a":1}']);
    expect(String((await pong)[0])).toBe('still here');
  });

  it('answers PING, swallows the other words, and gives all else on', async () => {
    const host = await startHost();
    const web = await connectWeb(urlOf(host));
    for (const word of ['PING', 'NOOP', 'PONG', 'OK', '', 'PINGS']) web.socket.send(word);
    web.socket.send(Buffer.from('PING'));
    await until(() => web.messages.length === 3);
    expect(web.texts().sort()).toEqual(['PINGS', 'PONG', 'PONG']);
    expect(web.messages.every(({ isBinary }) => !isBinary)).toBe(true);
    expect(host.seen[0]?.packages).toEqual(['PINGS']);
  });

  it('reads acknowledgements strictly', async () => {
    const host = await startHost({ onPackage: async () => {} });
    const web = await connectWeb(urlOf(host));
    const wrong = [
      'ACK:{"time":"1","signature":"QUJD"}',
      'ACK:{"time":1}',
      'ACK:{"time":1,"signature":""}',
      'ACK:{"time":1,"signature":"a-b"}',
      `ACK:{"time":1,"signature":"${'A'.repeat(2000)}"}`,
      'ACK:{',
      'ACK:[1]',
    ];
    for (const payload of [...wrong, 'ACK:{"time":1.5,"signature":"QUJD"}']) web.socket.send(payload);
    await until(() => host.seen[0]?.acks.length === 1);
    expect(host.seen[0]?.acks).toEqual([{ time: 1.5, signature: 'QUJD' }]);
    expect(host.seen[0]?.packages).toEqual(wrong);
  });

  it('sends acknowledgements as text', async () => {
    const host = await startHost();
    const web = await connectWeb(urlOf(host));
    host.seen[0]?.connection.sendAck({ time: 1545405083.5, signature: 'QUJD' });
    await until(() => web.messages.length === 1);
    expect(web.messages[0]).toEqual({
      text: 'ACK:{"time":1545405083.5,"signature":"QUJD"}',
      isBinary: false,
    });
  });

  it('answers the closing of the other end, and tells the end once', async () => {
    const host = await startHost();
    const web = await connectWeb(urlOf(host));
    web.socket.close(1000, 'bye');
    expect(await web.closed).toEqual({ code: 1000, reason: 'bye' });
    await until(() => host.seen[0]?.isClosed === true);
    expect(host.seen[0]?.connection.isOpen).toBe(false);
  });

  it('says why it closes', async () => {
    const host = await startHost();
    const web = await connectWeb(urlOf(host));
    host.seen[0]?.connection.close('policy', 'Enough.');
    expect(host.seen[0]?.isClosed).toBe(true);
    expect(await web.closed).toEqual({ code: 1008, reason: 'Enough.' });
  });

  it('ends at once when the stream ends, without any closing', async () => {
    const host = await startHost();
    const raw = await connectRaw(host.port);
    raw.socket.write(upgradeRequest);
    await until(() => host.seen.length === 1);
    raw.socket.end();
    await until(() => host.seen[0]?.isClosed === true);
  });

  it('refuses what is larger than a package, in one frame or in many', async () => {
    const host = await startHost({ limits: { packageBytes: 100 } });
    const [one, many] = [await connectWeb(urlOf(host)), await connectWeb(urlOf(host))];
    one.socket.send(`{"a":"${'x'.repeat(100)}"}`);
    for (let i = 0; i < 20; i++) many.socket.send('{"abc":', { fin: false });
    expect((await one.closed).code).toBe(1009);
    expect((await many.closed).code).toBe(1009);
    expect(host.seen.map(({ packages }) => packages)).toEqual([[], []]);
  });

  it('closes on what is no frame, and on text that is no UTF-8', async () => {
    const host = await startHost();
    for (const bytes of [Buffer.from([0xff, 0xff]), Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff])]) {
      const raw = await connectRaw(host.port);
      raw.socket.write(upgradeRequest);
      await until(() => raw.text().includes('\r\n\r\n'));
      raw.socket.write(bytes);
      await raw.closed;
    }
    await until(() => host.seen.every(({ isClosed }) => isClosed));
    expect(host.seen).toHaveLength(2);
  });

  it('tells once whether a package left', async () => {
    const host = await startHost();
    const web = await connectWeb(urlOf(host));
    const told: boolean[] = [];
    const { connection } = host.seen[0] as { connection: (typeof host.seen)[0]['connection'] };
    connection.send(Buffer.from('{}'), done => told.push(done));
    await until(() => told.length === 1);
    web.socket.terminate();
    await until(() => !connection.isOpen);
    connection.send(Buffer.from('{}'), done => told.push(done));
    await until(() => told.length === 2);
    expect(told).toEqual([true, false]);
  });

  it('says of packages that never leave that they did not', async () => {
    const host = await startHost();
    const raw = await connectRaw(host.port);
    raw.socket.write(upgradeRequest);
    await until(() => host.seen.length === 1);
    raw.socket.pause();
    const told: boolean[] = [];
    const connection = host.seen[0]?.connection;
    const large = Buffer.alloc(1_048_576, 0x20);
    for (let i = 0; i < 64; i++) connection?.send(large, done => told.push(done));
    expect(connection?.bufferedBytes).toBeGreaterThan(60_000_000);
    raw.socket.destroy();
    await until(() => told.length === 64);
    expect(told).toContain(false);
  });

  it('gives up one who pings and does not read', async () => {
    const host = await startHost({ limits: { bufferedBytes: 1000 } });
    const raw = await connectRaw(host.port);
    raw.socket.write(upgradeRequest);
    await until(() => host.seen.length === 1);
    raw.socket.pause();
    const pings = Buffer.concat(Array(2000).fill(frame('x'.repeat(100), 9)));
    every(1, () => raw.socket.write(pings));
    await until(() => host.seen[0]?.isClosed === true);
  });
});

describe('an upgrade', () => {
  it('may come in any pieces', async () => {
    const host = await startHost();
    for (const size of [1, 3, 50]) {
      const raw = await connectRaw(host.port);
      const bytes = Buffer.concat([Buffer.from(upgradeRequest), frame('{"a":1}')]);
      for (let i = 0; i < bytes.length; i += size) {
        raw.socket.write(bytes.subarray(i, i + size));
        await new Promise(resolve => setImmediate(resolve));
      }
      await until(() => raw.text().endsWith('\x81\x07{"a":1}') || raw.text().endsWith('{"a":1}'));
      expect(raw.text()).toContain('HTTP/1.1 101 ');
      expect(raw.text()).toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    }
    expect(host.seen.map(({ packages }) => packages)).toEqual(Array(3).fill(['{"a":1}']));
  });

  it('may have frames behind it in the same piece', async () => {
    const host = await startHost();
    const raw = await connectRaw(host.port);
    const frames = Array.from({ length: 100 }, (_, i) => frame(`{"a":${i}}`));
    raw.socket.write(Buffer.concat([Buffer.from(upgradeRequest), ...frames]));
    await until(() => host.seen[0]?.packages.length === 100);
    expect(host.seen[0]?.packages.at(-1)).toBe('{"a":99}');
  });

  it('is refused by a status when it is none', async () => {
    const host = await startHost();
    const raw = await connectRaw(host.port);
    raw.socket.write(upgradeRequest.replace('Version: 13', 'Version: 99'));
    await raw.closed;
    expect(raw.text()).toContain('HTTP/1.1 400 ');
    expect(host.seen).toEqual([]);
  });

  it('is given up when it does not end in time', async () => {
    const host = await startHost({ limits: { loginSeconds: 0.3 } });
    const raw = await connectRaw(host.port);
    raw.socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
    every(20, () => raw.socket.write('x: y\r\n'));
    await raw.closed;
    expect(host.seen).toEqual([]);
  });
});

describe('HTTP on the same port', () => {
  const get = async (port: number, path: string): Promise<{ status: number; body: string }> => {
    const call = request({ port, host: '127.0.0.1', path, agent: false });
    call.end();
    const [response] = await once(call, 'response');
    let body = '';
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode, body };
  };

  it('is 404 without a handler', async () => {
    const { port } = await startHost();
    expect(await get(port, '/healthz')).toEqual({ status: 404, body: 'Not found.\n' });
  });

  it('goes to the handler, several requests on one connection', async () => {
    const host = await startHost({ http: (call, answer) => void answer.end(`${call.method} ${call.url}`) });
    const raw = await connectRaw(host.port);
    raw.socket.write('GET /a HTTP/1.1\r\nHost: x\r\n\r\nOPTI');
    raw.socket.write('ONS /b HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => raw.text().includes('GET /a') && raw.text().includes('OPTIONS /b'));
    raw.socket.write(upgradeRequest);
    await until(() => raw.text().includes(' 101 '));
    expect(host.seen).toHaveLength(1);
  });

  it('is 500 when the handler fails, before or after its first byte', async () => {
    const host = await startHost({
      http: async (call, answer) => {
        if (call.url === '/late') answer.write('half');
        throw new Error('broken');
      },
    });
    expect((await get(host.port, '/')).status).toBe(500);
    await expect(get(host.port, '/late')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('lets a request end when the station stops', async () => {
    let finish: (() => void) | undefined;
    const host = await startHost({
      http: (_, answer) => {
        finish = () => answer.end('whole');
      },
    });
    const answer = get(host.port, '/');
    await until(() => finish !== undefined);
    const closed = host.listener.close();
    setTimeout(() => finish?.(), 20);
    expect(await answer).toEqual({ status: 200, body: 'whole' });
    await closed;
  });

  it('takes a request that goes on for longer than a login may take', async () => {
    const host = await startHost({
      limits: { loginSeconds: 0.5 },
      http: async (call, answer) => {
        let length = 0;
        for await (const chunk of call) length += chunk.length;
        answer.end(String(length));
      },
    });
    const raw = await connectRaw(host.port);
    raw.socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\n');
    for (let i = 0; i < 30; i++) {
      raw.socket.write('x');
      await new Promise(resolve => setTimeout(resolve, 30));
    }
    await until(() => raw.text().endsWith('30'));
  });
});

describe('back pressure', () => {
  it('stops reading while too many packages are under way, and loses none', async () => {
    const waiting: (() => void)[] = [];
    const host = await startHost({
      limits: { pendingPackages: 4 },
      onPackage: () => new Promise<void>(resolve => waiting.push(resolve)),
    });
    const web = await connectWeb(urlOf(host));
    const count = 20_000;
    for (let i = 0; i < count; i++) web.socket.send(`{"number":${i},"filling":"${'x'.repeat(500)}"}`);
    await until(() => waiting.length === 4);
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(host.seen[0]?.packages).toHaveLength(4);
    expect(web.socket.bufferedAmount).toBeGreaterThan(0);
    every(0, () => {
      for (const done of waiting.splice(0)) done();
    });
    await until(() => (host.seen[0]?.packages.length ?? 0) >= 400);
    const numbers = host.seen[0]?.packages.map(text => JSON.parse(text).number) ?? [];
    expect(numbers).toEqual(numbers.map((_, index) => index));
  });

  it('cuts a payload of many lines only as they are taken', async () => {
    let underWay = 0;
    let most = 0;
    const host = await startHost({
      limits: { pendingPackages: 8 },
      onPackage: async () => {
        most = Math.max(most, ++underWay);
        await new Promise(resolve => setImmediate(resolve));
        underWay--;
      },
    });
    const web = await connectWeb(urlOf(host));
    web.socket.send('{}\n'.repeat(2000));
    web.socket.send('{"last":1}');
    await until(() => host.seen[0]?.packages.length === 2001);
    expect(most).toBe(8);
    expect(host.seen[0]?.packages.at(-1)).toBe('{"last":1}');
  });
});
