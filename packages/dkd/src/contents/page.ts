import { checkBytes } from '@dimp/crypto/check-arguments';
import { encodeBase64 } from '@dimp/crypto/format';
import { checkOptions } from '../check-arguments.js';
import { type ContentDefinition, type ContentHead, type ContentOptions, createHead } from '../content.js';
import { ContentType } from '../content-type.js';

/** What a page is made of. */
export interface PageMembers {
  readonly url?: string;
  readonly title?: string;
  readonly description?: string;
  /** A small picture. */
  readonly icon?: Uint8Array;
}

/** A web page to look at. */
export interface PageContent extends ContentHead, PageMembers {
  readonly kind: 'page';
}

declare module '../content.js' {
  interface ContentKinds {
    page: PageContent;
  }
}

/** Wire: `{ type: 32, sn, URL, icon: "<base64>", title, desc }` */
export const pageContent: ContentDefinition<PageContent> = {
  code: ContentType.page,
  parse(reader) {
    const url = reader.optionalText('URL');
    const icon = reader.optionalBytes('icon');
    const title = reader.optionalText('title');
    const description = reader.optionalText('desc');
    return {
      kind: 'page',
      ...(url !== undefined && { url }),
      ...(icon && { icon }),
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
    };
  },
  format: ({ url, icon, title, description }) => ({
    ...(url !== undefined && { URL: url }),
    ...(icon && { icon: encodeBase64(icon) }),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { desc: description }),
  }),
};

/** A web page to recommend. `icon` is a picture's bytes. @throws {TypeError} an icon that is no Uint8Array */
export function createPage(options: PageMembers & ContentOptions): PageContent {
  checkOptions(options);
  const { url, icon, title, description } = options;
  if (icon !== undefined) checkBytes(icon, 'icon');
  return {
    ...createHead(ContentType.page, options),
    kind: 'page',
    ...(url !== undefined && { url }),
    ...(icon && { icon }),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
  };
}
