import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { addressGroup } from '../src/address-group.js';
import { noMetrics } from '../src/metrics.js';
import { afterTest, every } from './after-test.js';
import { connectRaw, connectWeb, startHost, until, watchRaw } from './socket-kit.js';
import { testTls } from './tls-kit.js';

describe('a listener', () => {
  it('closes connections whose first bytes nobody knows, and counts them', async () => {
    const opened: string[] = [];
    const host = await startHost({ metrics: { ...noMetrics, connectionOpened: name => opened.push(name) } });
    for (const bytes of ['DIM\x42', 'get / http', '\0\0\0\0', '[1]', 'GETTING', '{\0']) {
      const { socket, closed } = await connectRaw(host.port);
      socket.write(bytes);
      await closed;
    }
    expect(opened).toEqual(Array(6).fill('unknown'));
    expect(host.seen).toEqual([]);
    await until(() => host.listener.connectionCount === 0);
  });

  it('recognises first bytes that come one by one', async () => {
    const host = await startHost();
    const raw = await connectRaw(host.port);
    for (const letter of '{"a":1}\n') {
      raw.socket.write(letter);
      await new Promise(resolve => setTimeout(resolve, 3));
    }
    await until(() => raw.text() === '{"a":1}\n');
    expect(host.seen[0]?.packages).toEqual(['{"a":1}']);
  });

  it('gives up a connection that says nothing, or not enough to be recognised', async () => {
    const host = await startHost({ limits: { loginSeconds: 0.3 } });
    const silent = await connectRaw(host.port);
    const slow = await connectRaw(host.port);
    slow.socket.write('PO');
    await Promise.all([silent.closed, slow.closed]);
    expect(host.seen).toEqual([]);
  });

  it('gives up a connection without a byte for too long, and no other', async () => {
    const host = await startHost({ limits: { silenceSeconds: 2 } });
    const url = `ws://127.0.0.1:${host.port}`;
    const [silent, alive] = [await connectWeb(url), await connectWeb(url)];
    every(50, () => alive.socket.send('PING'));
    expect((await silent.closed).code).toBe(1006);
    expect(alive.socket.readyState).toBe(1);
    await until(() => host.seen[0]?.isClosed === true);
    expect(host.seen[1]?.isClosed).toBe(false);
  });

  it('bounds connections in all and for one address, and takes new ones when old ones are gone', async () => {
    for (const limits of [{ connections: 2 }, { connectionsPerAddress: 2 }]) {
      const host = await startHost({ limits });
      const first = await connectRaw(host.port);
      await connectRaw(host.port);
      const third = await connectRaw(host.port);
      await third.closed;
      first.socket.destroy();
      await until(() => host.listener.connectionCount === 1);
      const fourth = await connectRaw(host.port);
      fourth.socket.write('{"a":1}\n');
      await until(() => fourth.text() === '{"a":1}\n');
    }
  });

  it('speaks the same over TLS, bytes counted', async () => {
    const host = await startHost({ tls: testTls, limits: { silenceSeconds: 1.5 } });
    const web = await connectWeb(`wss://127.0.0.1:${host.port}`, { rejectUnauthorized: false });
    // for longer than silence may last
    for (let i = 1; i <= 20; i++) {
      web.socket.send(`{"a":${i}}`);
      await until(() => web.texts().length === i);
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    const lines = connectTls({ port: host.port, host: '127.0.0.1', rejectUnauthorized: false });
    afterTest(() => lines.destroy());
    const raw = watchRaw(lines);
    lines.write('{"b":1}\n');
    await until(() => raw.text() === '{"b":1}\n');
    await web.closed;
    const plain = await connectRaw(host.port);
    plain.socket.write('{"c":1}\n');
    await plain.closed;
    await until(() => host.listener.connectionCount === 0);
  });

  it('ends what is there when it is closed', async () => {
    const host = await startHost();
    const web = await connectWeb(`ws://127.0.0.1:${host.port}`);
    const lines = await connectRaw(host.port);
    const silent = await connectRaw(host.port);
    lines.socket.write('{"a":1}\n');
    await until(() => lines.text() !== '');
    await host.listener.close();
    expect(await web.closed).toEqual({ code: 1001, reason: 'The station stops.' });
    await until(() => lines.socket.closed && silent.socket.closed);
    expect(host.seen.map(({ isClosed }) => isClosed)).toEqual([true, true]);
    await expect(connectRaw(host.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('an address', () => {
  it('counts as itself, or as its network', () => {
    expect(addressGroup('10.1.2.3')).toBe('10.1.2.3');
    expect(addressGroup('::ffff:10.1.2.3')).toBe('10.1.2.3');
    expect(addressGroup('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
    expect(addressGroup('2001:db8::1')).toBe('2001:db8:0:0');
    expect(addressGroup('fe80::1%eth0')).toBe('fe80:0:0:0');
    expect(addressGroup('::1')).toBe('0:0:0:0');
    expect(addressGroup('1::')).toBe('1:0:0:0');
  });
});
