import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { connectRaw, startHost, until, upgradeRequest } from './socket-kit.js';

describe('an upgrade to something else than WebSocket', () => {
  const startEcho = () =>
    startHost({
      async http(call, answer) {
        const { upgrade = 'none', connection = 'none', 'x-mine': mine } = call.headers;
        answer.end(`<${call.method} ${call.url} ${upgrade} ${connection} ${mine} ${await text(call)}>`);
      },
    });

  it.each(['h2c', 'TLS/1.2', 'websocket/13, h2c'])(
    'to %s is ignored, and the request answered',
    async name => {
      const host = await startEcho();
      const raw = await connectRaw(host.port);
      raw.socket.write(
        'POST /a?b HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nX-Mine: é\r\n' +
          `HTTP2-Settings: AAA\r\nUpgrade: ${name}\r\nContent-Length: 10\r\n\r\n12345`,
      );
      raw.socket.write('67890');
      await until(() => raw.text().includes('1234567890>'));
      expect(raw.text()).toMatch(/^HTTP\/1\.1 200 /);
      expect(raw.text()).toContain('<POST /a?b none HTTP2-Settings ');
      expect(host.seen).toEqual([]);
    },
  );

  it('leaves the connection to the requests behind it, one to WebSocket included', async () => {
    const host = await startEcho();
    const raw = await connectRaw(host.port);
    const one = 'GET /1 HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n';
    raw.socket.write(one + one.replace('/1', '/2') + one.replace('/1', '/3'));
    await until(() => raw.text().includes('<GET /3 '));
    raw.socket.write(upgradeRequest);
    await until(() => raw.text().includes(' 101 '));
    expect(raw.text().match(/<GET .../g)).toEqual(['<GET /1 ', '<GET /2 ', '<GET /3 ']);
    expect(host.seen).toHaveLength(1);
  });

  it('whose requests follow each other for long holds no listeners for them', async () => {
    const host = await startEcho();
    const raw = await connectRaw(host.port);
    const warnings: Error[] = [];
    const warn = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warn);
    for (let i = 1; i <= 30; i++) {
      raw.socket.write(`GET /${i} HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n`);
      await until(() => raw.text().includes(`<GET /${i} `));
    }
    await new Promise(setImmediate);
    process.off('warning', warn);
    expect(warnings).toEqual([]);
  });
});
