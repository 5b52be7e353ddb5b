import { beforeEach, describe, expect, it } from '@jest/globals';
import { Session } from '../../src/agent/session.js';
import { Peer, without } from './kit.js';

const hulk = 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj';
const moki = 'moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk';
const question = { type: 136, sn: 1, command: 'meta', ID: hulk };
const nothing = { response: null, content: null, sent: [], suspended: [] };

let a: Peer;
let b: Peer;

beforeEach(async () => {
  a = new Peer({ session: new Session() });
  b = new Peer({ session: new Session() });
  await a.ask('install_immortals');
  await b.ask('install_immortals');
});

describe('process_package', () => {
  it('answers a question with a message', async () => {
    const message = await a.ask('pack', { sender: hulk, receiver: moki, content: question });
    const { response, ...rest } = await b.ask('process_package', { message, as: moki });
    expect(rest).toEqual({ content: question, sent: [], suspended: [] });
    expect(response).toMatchObject({ sender: moki, receiver: hulk, type: 136 });
    const answer = await a.ask('unpack', { message: response, as: hulk });
    expect(answer).toMatchObject({ command: 'meta', ID: hulk, meta: await a.ask('get_meta', { ID: hulk }) });
  });

  it('answers word for word what it has no processor for', async () => {
    const content = { type: 1, sn: 1, text: 'hi' };
    const message = await a.ask('pack', { sender: hulk, receiver: moki, content });
    const { response } = await b.ask('process_package', { message: JSON.stringify(message), as: moki });
    const { text } = await a.ask('unpack', { message: response, as: hulk });
    expect(text).toBe('Content (type: 1) not support yet!');
  });

  it('does nothing twice', async () => {
    const message = await a.ask('pack', { sender: hulk, receiver: moki, content: question });
    await b.ask('process_package', { message, as: moki });
    expect(await b.ask('process_package', { message, as: moki })).toEqual(nothing);
  });

  it('drops a bad signature without a word', async () => {
    const message = await a.ask('pack', { sender: hulk, receiver: moki, content: question });
    const bad = { ...message, signature: 'AAAA' };
    expect(await b.ask('process_package', { message: bad, as: moki })).toEqual(nothing);
  });

  it('tells that a message waits, and takes it when what was missing has come', async () => {
    const zoe = await a.ask('generate_user', { name: 'zoe' });
    const message = await a.ask('pack', {
      sender: zoe.ID,
      receiver: moki,
      content: { ...question, ID: moki },
    });
    expect(await b.ask('process_package', { message, as: moki })).toEqual({
      ...nothing,
      suspended: [message],
    });
    await b.ask('import_meta', { ID: zoe.ID, meta: zoe.meta });
    const { response } = await b.ask('process_package', { message, as: moki });
    expect(response).toMatchObject({ receiver: zoe.ID });
  });

  it('refuses what is for somebody else or against the rules', async () => {
    const message = await a.ask('pack', { sender: hulk, receiver: moki, content: question });
    expect(await b.refuse('process_package', { message, as: hulk })).toBe('ERR_NOT_FOR_US');
    const wrong = await a.ask('pack', { sender: hulk, receiver: moki, content: without(question, 'ID') });
    expect(await b.refuse('process_package', { message: wrong, as: moki })).toBe('ERR_REFUSED');
  });

  it('sends what it has to ask of others', async () => {
    const zoe = await a.ask('generate_user', { name: 'zoe' });
    await b.ask('import_account', { account: without(zoe, 'private_key') });
    const group = await a.ask('generate_group', { founder: hulk, name: 'g', members: [hulk, moki, zoe.ID] });
    const other = new Peer({ session: new Session() });
    const { ID: reader, meta } = await other.ask('generate_user', { name: 'yan' });
    await a.ask('import_meta', { ID: reader, meta });
    for (const ID of [hulk, zoe.ID]) {
      await other.ask('import_meta', { ID, meta: await a.ask('get_meta', { ID }) });
    }
    await other.ask('import_meta', { ID: group.ID, meta: group.meta });
    const content = {
      type: 137,
      sn: 1,
      time: 1,
      command: 'invite',
      group: group.ID,
      members: [hulk, zoe.ID, reader],
    };
    const message = await a.ask('pack', { sender: zoe.ID, receiver: reader, content });
    const result = await other.ask('process_package', { message, as: reader });
    expect(result.response).toBeNull();
    expect(result.content.added).toEqual([hulk, zoe.ID, reader]);
    expect(result.sent).toHaveLength(1);
    expect(result.sent[0]).toMatchObject({ sender: reader, receiver: hulk });
    expect(await a.ask('unpack', { message: result.sent[0], as: hulk })).toMatchObject({
      command: 'query',
      group: group.ID,
    });
  });
});

describe('process_content', () => {
  it('gives the answer as a content', async () => {
    const args = { content: question, sender: hulk, receiver: moki, as: moki };
    const { response, ...rest } = await b.ask('process_content', args);
    expect(response).toMatchObject({ command: 'meta', ID: hulk });
    expect(rest).toEqual({ content_after: question, sent: [], suspended: [] });
  });

  it('notes in the content what was changed', async () => {
    const { ID: group } = await b.ask('generate_group', { founder: hulk, name: 'g', members: [hulk, moki] });
    const content = { type: 137, sn: 1, time: 1, command: 'quit', group };
    const result = await b.ask('process_content', { content, sender: moki, receiver: hulk, as: hulk });
    expect(result).toEqual({
      response: null,
      content_after: { ...content, removed: [moki] },
      sent: [],
      suspended: [],
    });
    expect(await b.ask('get_members', { group })).toEqual([hulk]);
  });

  it('is refused by the rules', async () => {
    const { ID: group } = await b.ask('generate_group', { founder: hulk, name: 'g', members: [hulk, moki] });
    const content = { type: 137, sn: 1, time: 1, command: 'expel', group, member: hulk };
    const args = { content, sender: moki, receiver: hulk, as: hulk };
    expect(await b.refuse('process_content', args)).toBe('ERR_REFUSED');
  });
});

describe('bench', () => {
  it.each(['pack', 'unpack'])('measures %s', async kind => {
    const result = await a.ask('bench', { kind, n: 2, size: 10 });
    expect(result).toEqual({
      kind,
      n: 2,
      size: 10,
      bits: 1024,
      seconds: expect.any(Number),
      per_second: expect.any(Number),
    });
  });

  it('knows no other kind', async () => {
    expect(await a.refuse('bench', { kind: 'sleep', n: 1 })).toBe('ERR_PARSE');
  });
});
