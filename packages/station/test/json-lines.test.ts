import { describe, expect, it } from '@jest/globals';
import { connectRaw, startHost, until } from './socket-kit.js';

describe('raw JSON lines', () => {
  it('takes several lines in a piece and lines in several pieces', async () => {
    const host = await startHost();
    const raw = await connectRaw(host.port);
    raw.socket.write('{"a":1}\n{"b":2}\n{"c"');
    await until(() => raw.text() === '{"a":1}\n{"b":2}\n');
    raw.socket.write(':3');
    await new Promise(resolve => setTimeout(resolve, 10));
    raw.socket.write('}\n');
    await until(() => raw.text() === '{"a":1}\n{"b":2}\n{"c":3}\n');
    expect(host.seen[0]?.packages).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  it('answers lines without answer by a line end, heartbeats and acknowledgements too, each in its turn', async () => {
    const host = await startHost({
      onPackage: async (data, connection) => {
        const { wait, answer } = JSON.parse(Buffer.from(data).toString());
        if (wait) await new Promise(resolve => setTimeout(resolve, 20));
        if (answer) connection.send(Buffer.from(`{"answer":${answer}}`));
      },
    });
    const raw = await connectRaw(host.port);
    const ack = 'ACK:{"time":1,"signature":"QUJD"}';
    raw.socket.write(`{"wait":1}\n\n{"wait":1,"answer":1}\n${ack}\n{"answer":2}\n`);
    await until(() => raw.text() === '\n\n{"answer":1}\n\n{"answer":2}\n');
    expect(host.seen[0]?.acks).toEqual([{ time: 1, signature: 'QUJD' }]);
  });

  it('sends acknowledgements as lines', async () => {
    const host = await startHost({
      onPackage: async (_, connection) => connection.sendAck({ time: 1, signature: 'QUJD' }),
    });
    const raw = await connectRaw(host.port);
    raw.socket.write('{"a":1}\n');
    await until(() => raw.text() === 'ACK:{"time":1,"signature":"QUJD"}\n');
  });

  it('closes on a line that is too long, with or without its end', async () => {
    const host = await startHost({ limits: { packageBytes: 1000 } });
    for (const end of ['', '\n']) {
      const raw = await connectRaw(host.port);
      raw.socket.write(`{"a":"${'x'.repeat(2000)}"}${end}`);
      await raw.closed;
      expect(raw.text()).toBe('');
    }
    expect(host.seen.map(({ packages, isClosed }) => [packages.length, isClosed])).toEqual([
      [0, true],
      [0, true],
    ]);
  });

  it('cuts off who asks for more empty answers than he takes', async () => {
    const host = await startHost();
    const raw = await connectRaw(host.port);
    raw.socket.pause();
    raw.socket.write(`{"a":1}\n${'\n'.repeat(1_000_000)}`);
    await until(() => host.seen[0]?.isClosed === true);
    await until(() => host.listener.connectionCount === 0);
  });

  it('hands on lines without the blanks in front of them', async () => {
    const host = await startHost();
    const raw = await connectRaw(host.port);
    raw.socket.write('{"a":1}\n \t\r{"b":2}\n \r\n');
    await until(() => raw.text() === '{"a":1}\n{"b":2}\n\n');
    expect(host.seen[0]?.packages).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('ends at once when the stream ends, what came before being dealt with', async () => {
    const host = await startHost();
    const raw = await connectRaw(host.port);
    raw.socket.end('{"a":1}\n{"b":2}\n{"half"');
    await raw.closed;
    await until(() => host.seen[0]?.isClosed === true);
    expect(host.seen[0]?.packages).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('says of packages that never leave that they did not', async () => {
    const host = await startHost();
    const raw = await connectRaw(host.port);
    raw.socket.write('{"a":1}\n');
    await until(() => raw.text() !== '');
    const told: boolean[] = [];
    raw.socket.destroy();
    await until(() => host.seen[0]?.isClosed === true);
    host.seen[0]?.connection.send(Buffer.from('{}'), done => told.push(done));
    await until(() => told.length === 1);
    expect(told).toEqual([false]);
  });

  it('closes when there is no room', async () => {
    const host = await startHost({ isFull: true });
    const raw = await connectRaw(host.port);
    raw.socket.write('{"a":1}\n');
    await raw.closed;
    expect(raw.text()).toBe('');
  });
});
