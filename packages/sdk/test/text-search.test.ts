import { createAudio, createFile, createMetaCommand, createPage, createQuote, createText } from '@dimp/dkd';
import { anyone } from '@dimp/mkm';
import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { parseSearchQuery, readableText, searchTerms } from '../src/index.js';

const termsOf = (text: string): readonly string[] => [...searchTerms(text)].sort();

describe('the terms of a text', () => {
  it('are its words in small letters, each once', () => {
    expect(termsOf('Hello, hello WORLD-wide 42!')).toEqual(['42', 'hello', 'wide', 'world']);
    expect(termsOf('')).toEqual([]);
    expect(termsOf('?! …')).toEqual([]);
  });

  it('are the same for letters that are the same but for their form', () => {
    expect(termsOf('STRASSE')).toEqual(termsOf('Straße'));
    expect(termsOf('ＤＩＭＰ１')).toEqual(['dimp1']);
    expect(termsOf('A\u0308rger')).toEqual(termsOf('ärger'));
    expect(termsOf('ΟΔΟΣ')).toEqual(termsOf('οδος'));
  });

  it('are characters and pairs where there are no spaces', () => {
    expect(termsOf('你好吗')).toEqual(['你', '你好', '吗', '好', '好吗'].sort());
    expect(termsOf('你，好')).toEqual(['你', '好'].sort());
    expect(termsOf('𠮷野家')).toContain('𠮷野');
  });

  it('are told apart where scripts meet', () => {
    expect(termsOf('v2版本')).toEqual(['v2', '本', '版', '版本'].sort());
  });
});

describe('a search', () => {
  const fits = (text: string, query: string): boolean => parseSearchQuery(query).fits(text);

  it('wants all words, in any order, and runs as they stand', () => {
    expect(fits('one two three', 'THREE one')).toBe(true);
    expect(fits('one two three', 'four one')).toBe(false);
    expect(fits('one two three', 'thre')).toBe(false);
    expect(fits('世界你好', '界你')).toBe(true);
    expect(fits('好你世界', '你好')).toBe(false);
  });

  it('finds nothing when there is nothing to find', () => {
    expect(parseSearchQuery(' … ').terms).toEqual([]);
  });

  const words = fc.array(fc.constantFrom('Haus', 'maison', '你好', '世', 'タワー', 'ä1', 'ß', 'x'), {
    minLength: 1,
    maxLength: 8,
  });

  test.prop([words, words])('has terms that are terms of every text that fits', (text, query) => {
    const search = parseSearchQuery(query.join(' '));
    const found = text.join(' ');
    const terms = searchTerms(found);
    if (search.fits(found)) expect(search.terms.every(term => terms.has(term))).toBe(true);
    // and a text fits itself
    expect(parseSearchQuery(found).fits(found)).toBe(true);
  });
});

describe('what can be searched of a content', () => {
  it('is what people read in it', () => {
    expect(readableText(createText('hello'))).toBe('hello');
    expect(readableText(createQuote(7, 'indeed'))).toBe('indeed');
    expect(readableText(createPage({ url: 'http://x/', title: 'News', description: 'of today' }))).toBe(
      'News of today',
    );
    expect(readableText(createFile({ filename: 'report.pdf' }))).toBe('report.pdf');
    expect(readableText(createAudio({ filename: 'a.mp3', text: 'spoken' }))).toBe('a.mp3 spoken');
    expect(readableText(createMetaCommand(anyone))).toBe('');
  });
});
