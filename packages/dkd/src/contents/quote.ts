import { checkText } from '@dimp/crypto/check-arguments';
import { check } from '../check-arguments.js';
import { type ContentDefinition, type ContentHead, type ContentOptions, createHead } from '../content.js';
import { ContentType } from '../content-type.js';

/** A remark on something said before. */
export interface QuoteContent extends ContentHead {
  readonly kind: 'quote';
  /** Serial number of the content it is about. */
  readonly quote?: number;
  /** Empty when the sender gave none. */
  readonly text: string;
}

declare module '../content.js' {
  interface ContentKinds {
    quote: QuoteContent;
  }
}

/** Wire: `{ type: 55, sn, quote: 1234, text }` */
export const quoteContent: ContentDefinition<QuoteContent> = {
  code: ContentType.quote,
  parse(reader) {
    const quote = reader.optionalInteger('quote');
    return { kind: 'quote', ...(quote !== undefined && { quote }), text: reader.optionalText('text') ?? '' };
  },
  format: ({ quote, text, extra }) => ({
    ...(quote !== undefined && { quote }),
    // a null that came for the text goes back out as it came
    ...(text === '' && Object.hasOwn(extra, 'text') ? {} : { text }),
  }),
};

/** A remark on the content with the serial number `quote`. @throws {TypeError} something else than a number and text */
export function createQuote(quote: number, text: string, options: ContentOptions = {}): QuoteContent {
  check(typeof quote === 'number', 'quote', 'a serial number', quote);
  checkText(text, 'text');
  return { ...createHead(ContentType.quote, options), kind: 'quote', quote, text };
}
