import type { Content } from '@dimp/dkd';

/** Scripts that put no spaces between words. */
const unspaced =
  '[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]';
const letter = '[\\p{L}\\p{M}\\p{N}]';
/** A run of a script without spaces, or a word. */
const runs = /* @__PURE__ */ new RegExp(
  `((?:(?=${letter})${unspaced})+)|((?:(?!${unspaced})${letter})+)`,
  'gu',
);
const plainWords = /[a-z0-9]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is what ASCII is
const isPlain = /^[\x00-\x7f]*$/;

/** The words of a text, and its runs in scripts without spaces, letters made alike. */
interface Pieces {
  readonly words: readonly string[];
  readonly runs: readonly string[];
}

function readPieces(text: string): Pieces {
  if (isPlain.test(text)) return { words: text.toLowerCase().match(plainWords) ?? [], runs: [] };
  // up and down again, since some letters have several small forms
  const folded = text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  const pieces = { words: [] as string[], runs: [] as string[] };
  for (const [, run, word] of folded.matchAll(runs)) {
    if (run !== undefined) pieces.runs.push(run);
    else if (word !== undefined) pieces.words.push(word);
  }
  return pieces;
}

/**
 * What a text is found by in an index: its words, and of scripts without spaces every character and every pair of
 * neighbours. Each once.
 */
export function searchTerms(text: string): ReadonlySet<string> {
  const { words, runs: found } = readPieces(text);
  const terms = new Set(words);
  for (const run of found) {
    let before = '';
    for (const character of run) {
      terms.add(character);
      if (before !== '') terms.add(before + character);
      before = character;
    }
  }
  return terms;
}

/** What is looked for. */
export interface SearchQuery {
  /** All of them are terms of every text that fits. Empty when nothing can be looked for. */
  readonly terms: readonly string[];
  /** Whether a text fits. An index gives texts with all terms, which need not stand side by side. */
  fits(text: string): boolean;
}

/** Reads what somebody looks for. */
export function parseSearchQuery(text: string): SearchQuery {
  const wanted = readPieces(text);
  const terms = new Set<string>(wanted.words);
  for (const run of wanted.runs) {
    const characters = [...run];
    if (characters.length === 1) terms.add(run);
    for (let i = 1; i < characters.length; i++) terms.add(`${characters[i - 1]}${characters[i]}`);
  }
  return {
    terms: [...terms],
    fits(found) {
      const pieces = readPieces(found);
      const words = new Set(pieces.words);
      return (
        wanted.words.every(word => words.has(word)) &&
        wanted.runs.every(run => pieces.runs.some(one => one.includes(run)))
      );
    },
  };
}

/** What of a content can be searched: what people read in it. Empty when there is nothing. */
export function readableText(content: Content): string {
  switch (content.kind) {
    case 'text':
    case 'quote':
      return content.text;
    case 'page':
      return `${content.title ?? ''} ${content.description ?? ''}`;
    case 'audio':
      return `${content.filename ?? ''} ${content.text ?? ''}`;
    case 'file':
    case 'image':
    case 'video':
      return content.filename ?? '';
    default:
      return '';
  }
}
