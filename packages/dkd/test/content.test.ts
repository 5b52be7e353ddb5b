import { createRegistry } from '@dimp/crypto';
import { describe, expect, it } from '@jest/globals';
import {
  type ContentDefinition,
  type ContentHead,
  ContentType,
  createHead,
  createText,
  formatContent,
  parseContent,
  randomSerialNumber,
  type TextContent,
} from '../src/index.js';
import { codeOf, context, id } from './kit.js';

interface PollContent extends ContentHead {
  readonly kind: 'test-poll';
  readonly question: string;
}

declare module '../src/content.js' {
  interface ContentKinds {
    'test-poll': PollContent;
  }
}

const pollContent: ContentDefinition<PollContent> = {
  code: 0x91,
  parse: reader => ({ kind: 'test-poll', question: reader.text('question') }),
  format: ({ question }) => ({ question }),
};

describe('parseContent', () => {
  it.each([
    ['nothing', undefined],
    ['a text', 'x'],
    ['a list', []],
    ['no type', { sn: 1 }],
    ['null for the type', { type: null }],
    ['a type that is no number', { type: 'x' }],
    ['a number that is no text', { type: 1, text: 7 }],
    ['a group that is no ID', { type: 1, group: 'x' }],
    ['a serial number that is none', { type: 1, sn: {} }],
  ])('refuses %s', (_, json) => {
    expect(codeOf(() => parseContent(json, context))).toBe('ERR_PARSE');
  });

  it('names the place', () => {
    expect(() => parseContent({ type: 1, sn: 'x' }, context, 'Message.content')).toThrow(
      'Message.content.sn: expected a number, got a string',
    );
  });

  it('reads numbers as text and cuts fractions off', () => {
    const content = parseContent({ type: '1', sn: '12.9', time: '7.5', text: 'x' }, context);
    expect(formatContent(content, context)).toEqual({ type: 1, sn: 12, time: 7.5, text: 'x' });
  });
});

describe('format after parse', () => {
  it('keeps members named __proto__ as members', () => {
    const json = JSON.parse('{"type":1,"sn":1,"text":"x","__proto__":{"polluted":1}}');
    const content = parseContent(json, context);
    expect((content.extra as { polluted?: unknown }).polluted).toBeUndefined();
    expect(JSON.stringify(formatContent(content, context))).toBe(
      '{"type":1,"sn":1,"text":"x","__proto__":{"polluted":1}}',
    );
  });

  it('lets a value that was set win over the null that came', () => {
    const content = {
      ...parseContent({ type: 1, sn: 1, text: 'x', group: null }, context),
      group: id('group'),
    };
    expect(formatContent(content, context)['group']).toBe(id('group').text);
  });
});

describe('a content of one’s own', () => {
  const own = { ...context, contents: context.contents.with(pollContent) };
  const json = { type: 0x91, sn: 1, question: 'When?', 'x-more': [1] };

  it('is read where its definition is given, and unknown elsewhere', () => {
    const poll = parseContent(json, own);
    expect(poll).toMatchObject({ kind: 'test-poll', question: 'When?', extra: { 'x-more': [1] } });
    expect(formatContent(poll, own)).toEqual(json);
    const unknown = parseContent(json, context);
    expect(unknown.kind).toBe('unknown');
    expect(formatContent(unknown, context)).toEqual(json);
    // read there, written here
    expect(formatContent(unknown, own)).toEqual(json);
  });

  it('is not written without its definition, since its members would be lost', () => {
    expect(() => formatContent(parseContent(json, own), context)).toThrow(
      'No content definition for type 145; pass one in createProtocol({ contents }).',
    );
    expect(codeOf(() => formatContent(parseContent(json, own), context))).toBe('ERR_USAGE');
  });

  it('may stand in for one of ours', () => {
    const shout: ContentDefinition<TextContent> = {
      code: ContentType.text,
      parse: reader => ({ kind: 'text', text: reader.text('text').toUpperCase() }),
      format: ({ text }) => ({ text }),
    };
    const loud = { ...context, contents: context.contents.replace(shout) };
    expect(parseContent({ type: 1, text: 'hey' }, loud)).toMatchObject({ text: 'HEY' });
  });
});

describe('no definitions at all', () => {
  const bare = { ...context, contents: createRegistry('content definition', [] as ContentDefinition[]) };

  it('makes every content unknown and gives it back', () => {
    const json = { type: 1, sn: 1, text: 'x', group: id('group').text };
    const content = parseContent(json, bare);
    expect(content.kind).toBe('unknown');
    expect(formatContent(content, bare)).toEqual(json);
  });
});

describe('createHead', () => {
  it('chooses a serial number unless one is given', () => {
    expect(createHead(1, { serialNumber: 7 })).toEqual({ type: 1, serialNumber: 7, extra: {} });
    expect(() => createText(5 as never)).toThrow(TypeError);
    const given = createText('x', { group: id('group'), time: 7, extra: { y: 1 } });
    expect(given).toMatchObject({ group: id('group'), time: 7, extra: { y: 1 } });
  });

  it('chooses 1 to 2^31-1, which both generations read', () => {
    const numbers = Array.from({ length: 1000 }, randomSerialNumber);
    expect(numbers.filter(one => !Number.isInteger(one) || one < 1 || one > 0x7fff_ffff)).toEqual([]);
    expect(new Set(numbers).size).toBeGreaterThan(990);
  });
});
