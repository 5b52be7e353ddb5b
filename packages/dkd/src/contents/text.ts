import { checkText } from '@dimp/crypto/check-arguments';
import { type ContentDefinition, type ContentHead, type ContentOptions, createHead } from '../content.js';
import { ContentType } from '../content-type.js';

/** Something said. */
export interface TextContent extends ContentHead {
  readonly kind: 'text';
  /** Empty when the sender gave none. */
  readonly text: string;
}

declare module '../content.js' {
  interface ContentKinds {
    text: TextContent;
  }
}

/** Wire: `{ type: 1, sn, text: "Hey guy!" }` */
export const textContent: ContentDefinition<TextContent> = {
  code: ContentType.text,
  parse: reader => ({ kind: 'text', text: reader.optionalText('text') ?? '' }),
  // a null that came for the text goes back out as it came
  format: ({ text, extra }) => (text === '' && Object.hasOwn(extra, 'text') ? {} : { text }),
};

/** @throws {TypeError} for anything but text, which the receiver would refuse */
export function createText(text: string, options: ContentOptions = {}): TextContent {
  checkText(text, 'text');
  return { kind: 'text', text, ...createHead(ContentType.text, options) };
}
