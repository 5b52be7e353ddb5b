import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { agentOperations } from '../../src/agent/ops/index.js';
import { Session } from '../../src/agent/session.js';
import { talk } from './kit.js';

const hulk = 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj';
const moki = 'moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk';

/** All but those that make keys, which takes its time. */
const operations = [...agentOperations]
  .map(({ code }) => code)
  .filter(code => !['bench', 'generate_user', 'quit'].includes(code));

const names = [
  'ID,meta,private_key,profile,decrypt_keys,account,founder,name,members,network,group,assistants,properties,signer',
  'a,b,fingerprint,seed,public_key,data,signature,key,sender,receiver,content,time,attach_meta,stages,bind,message',
  'as,member,mode,url',
].flatMap(line => line.split(','));

const value = fc.oneof(
  fc.constantFrom(hulk, moki, 'everyone@everywhere', 'AAEC', 'on', true, 8),
  fc.constant({ type: 1, sn: 1, text: 'x' }),
  fc.constant({ algorithm: 'RSA', data: 'x' }),
  fc.jsonValue({ maxDepth: 3 }),
);
const args = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 8 }).map(Object.fromEntries);

describe('any line', () => {
  test.prop([fc.oneof(fc.string(), fc.json())])('gets one response', async text => {
    const line = text.replaceAll('\n', ' ');
    const { responses, log } = await talk([line, '\n']);
    expect(responses).toHaveLength(1);
    expect(responses[0]?.ok).toBe(false);
    expect(log).toEqual([]);
  });

  test.prop([fc.array(fc.uint8Array({ maxLength: 20 }))])('of bytes gets one too', async pieces => {
    const lines = Buffer.concat(pieces).toString('latin1').split('\n');
    const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
    expect((await talk(pieces)).responses).toHaveLength(count);
  });
});

describe('any arguments', () => {
  test.prop([fc.constantFrom(...operations), args])(
    'give a result or an error of the library',
    async (op, rest) => {
      const lines = [{ op: 'install_immortals' }, { ...rest, id: 7, op }].map(request =>
        JSON.stringify(request),
      );
      const { responses, log } = await talk([lines.join('\n')], { session: new Session() });
      expect(responses.map(({ id }) => id)).toEqual([null, 7]);
      expect(log).toEqual([]);
    },
  );
});
