import { limits } from '@dimp/crypto';
import { plainKey } from '@dimp/crypto/plain';
import { describe, expect, it } from '@jest/globals';
import {
  type AnyFileContent,
  createAudio,
  createFile,
  createForward,
  createImage,
  createMoney,
  createPage,
  createQuote,
  createText,
  createVideo,
  fileExtension,
  formatContent,
  isFileContent,
  type MoneyKind,
  parseContent,
  parseReliableMessage,
  withFileData,
} from '../src/index.js';
import { codeOf, context, id, type MessageOut, messageKey, vectors } from './kit.js';

const options = { serialNumber: 1 };
const data = Uint8Array.of(1, 2, 3);
const reliable = vectors<object, MessageOut>('messages', 'message')[0]?.out.reliable;
const message = parseReliableMessage(reliable, context);

describe('the makers of contents', () => {
  it.each([
    [createText('Hey', options), { type: 1, sn: 1, text: 'Hey' }],
    [createText('', options), { type: 1, sn: 1, text: '' }],
    [
      createFile({ ...options, data, filename: 'a.txt' }),
      { type: 16, sn: 1, data: 'AQID', filename: 'a.txt' },
    ],
    [createImage({ ...options, thumbnail: data }), { type: 18, sn: 1, thumbnail: 'AQID' }],
    [createAudio({ ...options, text: 'x', url: 'u' }), { type: 20, sn: 1, text: 'x', URL: 'u' }],
    [createVideo({ ...options, snapshot: data }), { type: 22, sn: 1, snapshot: 'AQID' }],
    [
      createPage({ ...options, url: 'u', title: 't', description: 'd', icon: data }),
      { type: 32, sn: 1, URL: 'u', title: 't', desc: 'd', icon: 'AQID' },
    ],
    [createPage(options), { type: 32, sn: 1 }],
    [createQuote(7, 'yes', options), { type: 55, sn: 1, quote: 7, text: 'yes' }],
    [createForward(message, options), { type: 255, sn: 1, forward: reliable }],
  ])('%#', (content, json) => {
    expect(formatContent(content, context)).toEqual(json);
    expect(parseContent(json, context)).toEqual(content);
  });

  it.each([
    ['money', 0x40],
    ['transfer', 0x41],
    ['lucky-money', 0x42],
    ['claim-payment', 0x48],
    ['split-bill', 0x49],
  ] as [MoneyKind, number][])('%s has type %d', (kind, type) => {
    const made = createMoney(kind, 'CNY', 1, options);
    expect(formatContent(made, context)).toEqual({ type, sn: 1, currency: 'CNY', amount: 1 });
    expect(parseContent(formatContent(made, context), context)).toEqual(made);
  });
});

describe('files', () => {
  it('know each other', () => {
    const all = [createFile, createImage, createAudio, createVideo].map(create => create(options));
    expect(all.map(isFileContent)).not.toContain(false);
    expect(isFileContent(createText('x'))).toBe(false);
  });

  it.each([
    [undefined, ''],
    ['', ''],
    ['a.txt', 'txt'],
    ['a.tar.GZ', 'GZ'],
    ['noext', ''],
    ['.hidden', ''],
    ['..', ''],
    ['..x.y', 'y'],
    ['dot.', ''],
    ['dir.d/file', ''],
    ['dir/.bashrc', ''],
    ['/a/b.c/d.e', 'e'],
  ])('the extension of %p is %p', (name, extension) => {
    expect(fileExtension(name)).toBe(extension);
  });

  it('are renamed after their data, and the old content stays', () => {
    const old: AnyFileContent = createFile({ ...options, filename: 'x/y.png' });
    const renamed = withFileData(old, data);
    expect(renamed.filename).toBe('5289df737df57326fcdd22597afb1fac.png');
    expect(renamed.data).toBe(data);
    expect(old.filename).toBe('x/y.png');
  });

  it('written with data that came late, even if a null had come before', () => {
    const content = parseContent({ type: 16, sn: 1, URL: 'u', data: null }, context);
    if (!isFileContent(content)) throw new Error('a file');
    const written = formatContent(withFileData(content, data), context);
    expect(written['data']).toBe('AQID');
  });

  it('have a password that is a key, PLAIN included, and nothing else', () => {
    const made = createFile({ ...options, url: 'u', password: messageKey });
    expect(parseContent(formatContent(made, context), context)).toMatchObject({ kind: 'file', url: 'u' });
    const open = parseContent({ type: 16, password: { algorithm: 'PLAIN' } }, context);
    expect(open).toMatchObject({ password: plainKey });
    expect(codeOf(() => parseContent({ type: 16, password: { algorithm: 'DES' } }, context))).toBe(
      'ERR_UNSUPPORTED',
    );
    expect(codeOf(() => parseContent({ type: 16, password: 'x' }, context))).toBe('ERR_PARSE');
  });

  it('do not show their password to JSON.stringify', () => {
    const made = createFile({ ...options, url: 'u', password: messageKey });
    expect(JSON.stringify(made)).not.toContain('BwcH');
  });
});

describe('forwards', () => {
  it('read a list of messages and write one for several', () => {
    const json = { type: 255, sn: 1, secrets: [reliable, reliable] };
    const content = parseContent(json, context);
    expect(content).toMatchObject({ kind: 'forward', messages: [message, message] });
    expect(formatContent(content, context)).toEqual(json);
  });

  it('name the place of a bad message', () => {
    expect(() => parseContent({ type: 255, secrets: [reliable, {}] }, context)).toThrow(
      'Content.secrets[1].sender: expected ID text, got nothing',
    );
    expect(codeOf(() => parseContent({ type: 255, forward: 'x' }, context))).toBe('ERR_PARSE');
  });

  it('have a limit', () => {
    const secrets = new Array(limits.groupMembers + 1).fill(null);
    expect(codeOf(() => parseContent({ type: 255, secrets }, context))).toBe('ERR_LIMIT');
  });

  it('keep members of the inner message that nobody knows', () => {
    const json = { type: 255, sn: 1, forward: { ...reliable, 'x-new': { a: null } } };
    expect(formatContent(parseContent(json, context), context)).toEqual(json);
    expect(id('hulk').key).toBe(message.envelope.sender.key);
  });
});
