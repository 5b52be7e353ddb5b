import { createRegistry, DimpError } from '@dimp/crypto';
import { describe, expect, it } from '@jest/globals';
import type { AgentOperation } from '../../src/agent/operation.js';
import { serve } from '../../src/agent/serve.js';
import { talk } from './kit.js';

const echo: AgentOperation = { code: 'echo', run: args => args.value('what') ?? null };
const hello = '{"id": 1, "op": "hello"}';

function broken(error: unknown): AgentOperation {
  return {
    code: 'echo',
    run() {
      throw error;
    },
  };
}

describe('requests', () => {
  it('are answered in order, one line each', async () => {
    const operations = createRegistry('operation', [echo]);
    const lines = [3, 1, 2].map(id => JSON.stringify({ id, op: 'echo', what: id }));
    const { responses } = await talk([lines.join('\n')], { operations });
    expect(responses).toEqual([3, 1, 2].map(id => ({ id, ok: true, result: id })));
  });

  it('may come in pieces, with or without a last line end', async () => {
    const { responses } = await talk([hello.slice(0, 7), `${hello.slice(7)}\r\n${hello}`, '\n', hello]);
    expect(responses.map(({ ok }) => ok)).toEqual([true, true, true]);
  });

  it.each([1, 'a', null, [1, { b: [] }], { c: 'd' }, 1.5, false])('have any id: %j', async id => {
    const { responses } = await talk([JSON.stringify({ id, op: 'hello' })]);
    expect(responses[0]?.id).toEqual(id);
  });

  it('are answered to a reader in the pace at which he reads', async () => {
    const order: string[] = [];
    const note: AgentOperation = {
      code: 'echo',
      run(args) {
        order.push(`run ${args.integer('id')}`);
        return true;
      },
    };
    const input = (async function* () {
      yield new TextEncoder().encode('{"id":1,"op":"echo"}\n{"id":2,"op":"echo"}\n');
    })();
    const write = async (line: string) => {
      await new Promise(resolve => setImmediate(resolve));
      order.push(`wrote ${JSON.parse(line).id}`);
    };
    await serve({ input, write, log: () => undefined }, { operations: createRegistry('operation', [note]) });
    expect(order).toEqual(['run 1', 'wrote 1', 'run 2', 'wrote 2']);
  });
});

describe('lines that are no request', () => {
  it.each([
    ['no JSON', '{"id": 1, "op"', 'ERR_PARSE'],
    ['nothing', '', 'ERR_PARSE'],
    ['a list', '[1]', 'ERR_PARSE'],
    ['a number', '5', 'ERR_PARSE'],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'ERR_PARSE'],
    ['too long', `{"op": "${'x'.repeat(200)}"}`, 'ERR_LIMIT'],
  ])('%s: answered, and the agent goes on', async (_name, line, code) => {
    const { responses } = await talk([line, '\n', hello], { maxLineBytes: 100 });
    expect(responses.map(({ id, ok, error }) => [id, ok, error?.code])).toEqual([
      [null, false, code],
      [1, true, undefined],
    ]);
  });

  it('are not quoted in the answer', async () => {
    const { responses } = await talk(['{"private_key": "secret"']);
    expect(JSON.stringify(responses)).not.toContain('secret');
  });

  it('may be longer than memory would like, in many pieces', async () => {
    const pieces = Array.from({ length: 50 }, () => 'x'.repeat(1000));
    const { responses } = await talk([...pieces, '\n', hello], { maxLineBytes: 10_000 });
    expect(responses.map(({ error }) => error?.code)).toEqual(['ERR_LIMIT', undefined]);
  });
});

describe('requests that cannot be done', () => {
  it.each([
    ['an operation that is not known', { op: 'fly' }, 'ERR_UNSUPPORTED'],
    ['no operation', {}, 'ERR_PARSE'],
    ['a name of every object', { op: 'toString' }, 'ERR_UNSUPPORTED'],
    ['an argument of another type', { op: 'parse_id', ID: 5 }, 'ERR_PARSE'],
    ['an argument too few', { op: 'cdn_put', url: 'x' }, 'ERR_PARSE'],
    ['bytes that are no base64', { op: 'cdn_put', url: 'x', data: '*' }, 'ERR_PARSE'],
    ['a flag that is none', { op: 'generate_user', name: 'a', profile_key: 'yes' }, 'ERR_PARSE'],
    ['a name that no ID can carry', { op: 'generate_user', name: 'a@b' }, 'ERR_USAGE'],
    ['a count out of bounds', { op: 'bench', kind: 'pack', n: 0 }, 'ERR_PARSE'],
  ])('%s', async (_name, request, code) => {
    const { responses, log } = await talk([JSON.stringify({ id: 9, ...request })]);
    expect(responses.map(({ id, ok, error }) => [id, ok, error?.code])).toEqual([[9, false, code]]);
    expect(log).toEqual([]);
  });

  it.each([
    ['a plain error', new Error('no such thing'), 'Error: no such thing'],
    [
      'one with a cause',
      new DimpError('ERR_INTERNAL', 'see the cause', { cause: new Error('deep') }),
      'Error: deep',
    ],
    ['something else', 'text', 'something that is no error was thrown'],
  ])('what nobody foresaw goes to the log: %s', async (_name, error, logged) => {
    const operations = createRegistry('operation', [broken(error)]);
    const { responses, log } = await talk(['{"id": 1, "op": "echo"}'], { operations });
    expect(responses[0]?.error?.code).toBe('ERR_INTERNAL');
    expect(log).toEqual([logged]);
  });
});

describe('the end', () => {
  it('comes with the input', async () => {
    expect((await talk([])).responses).toEqual([]);
  });

  it('comes with quit, which is answered', async () => {
    const { responses } = await talk(['{"id": 1, "op": "quit"}\n', hello]);
    expect(responses).toEqual([{ id: 1, ok: true, result: true }]);
  });
});
