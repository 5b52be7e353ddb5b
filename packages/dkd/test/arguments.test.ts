import { describe, expect, it } from '@jest/globals';
import {
  createAudio,
  createFile,
  createForward,
  createGroupCommand,
  createImage,
  createMetaCommand,
  createPage,
  createProfileCommand,
  createProfileQuery,
  createQuote,
  createText,
  createVideo,
} from '../src/index.js';
import { id } from './kit.js';

/** What callers without a compiler hand over. */
const wrong = <T>(value: unknown): T => value as T;

const bytes = Uint8Array.of(1, 2, 3);

describe('a maker of contents', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['a number for text', () => createText(wrong(5)), /^text: expected text, got a number\.$/],
    [
      'a text for a group',
      () => createText('a', { group: wrong('group') }),
      /^group: expected an ID.* got String$/,
    ],
    [
      'base64',
      () => createImage({ data: wrong('AQID') }),
      /^data: expected bytes \(Uint8Array\), got a string;/,
    ],
    ['a buffer', () => createImage({ data: wrong(bytes.buffer) }), /^data: .* got an object\.$/],
    ['a view of words', () => createFile({ data: wrong(new Uint16Array(2)) }), /^data: .* got an object\.$/],
    ['a blob', () => createFile({ data: wrong(new Blob(['a'])) }), /^data: .* got an object\.$/],
    ['a promise', () => createVideo({ data: wrong(Promise.resolve(bytes)) }), /^data: .* got an object\.$/],
    ['a stream', () => createAudio({ source: wrong(new ReadableStream()) }), /^source: expected a function/],
    ['a name', () => createImage(wrong('a.png')), /^options: expected an object, got String$/],
    ['nothing', () => createFile(wrong(undefined)), /^options: expected an object, got Undefined$/],
    ['no thumbnail', () => createImage({ thumbnail: wrong('AQID') }), /^thumbnail: .* got a string;/],
    ['no snapshot', () => createVideo({ snapshot: wrong([1]) }), /^snapshot: .* got a list\.$/],
    ['no icon', () => createPage({ icon: wrong('AQID') }), /^icon: .* got a string;/],
    ['an address', () => createPage(wrong('https://dim.chat')), /^options: .* got String$/],
    ['a text to quote', () => createQuote(wrong('a'), 'b'), /^quote: expected a serial number, got String$/],
    ['no remark', () => createQuote(1, wrong(undefined)), /^text: .* got nothing\.$/],
    [
      'a text to forward',
      () => createForward(wrong('x')),
      /^message: expected a ReliableMessage, got String$/,
    ],
    ['nothing to forward', () => createForward(wrong(undefined)), /^message: .* got Undefined$/],
    ['an unsigned message', () => createForward(wrong({ envelope: {} })), /^message: .* got Object$/],
    ['a text for an ID', () => createMetaCommand(wrong('bob')), /^id: expected an ID.* got String$/],
    ['a user', () => createMetaCommand(wrong({ id: id('moki') })), /^id: .* user\.id, got Object$/],
    ['null', () => createProfileQuery(wrong(null)), /^id: .* got Null$/],
    ['no profile', () => createProfileCommand(id('moki'), wrong(undefined)), /^profile: .* got Undefined$/],
    ['no ID', () => createProfileCommand(wrong('moki'), wrong({})), /^id: .* got String$/],
    [
      'a name misspelt',
      () => createGroupCommand(wrong('inviet'), id('group'), [], { time: 1 }),
      /^name: expected one of invite, expel, join, quit, reset, query, got String$/,
    ],
    ['no group', () => createGroupCommand('quit', wrong('group'), [], { time: 1 }), /^group: .* got String$/],
    [
      'one member',
      () => createGroupCommand('invite', id('group'), wrong(id('moki')), { time: 1 }),
      /^members: expected a list of IDs, got Object$/,
    ],
    [
      'names of members',
      () => createGroupCommand('invite', id('group'), wrong(['moki']), { time: 1 }),
      /^members: expected an ID.* got String$/,
    ],
  ])('refuses %s', (_, action, message) => {
    expect(action).toThrow(TypeError);
    expect(action).toThrow(message);
  });

  it('takes bytes of the platform, and a source that opens a stream', () => {
    const data = Buffer.from(bytes);
    expect(createImage({ data, thumbnail: data })).toMatchObject({ kind: 'image', data, thumbnail: data });
    const source = (): ReadableStream<Uint8Array> => new ReadableStream();
    expect(createFile({ source })).toMatchObject({ kind: 'file', source });
  });
});
