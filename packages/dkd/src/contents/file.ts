import {
  exportKey,
  isJsonObject,
  type JsonObject,
  type JsonReader,
  parseSymmetricKey,
  type SymmetricKey,
} from '@dimp/crypto';
import { checkBytes } from '@dimp/crypto/check-arguments';
import { md5 } from '@dimp/crypto/digest';
import { encodeBase64, encodeHex } from '@dimp/crypto/format';
import { plain } from '@dimp/crypto/plain';
import { check, checkOptions } from '../check-arguments.js';
import { type ContentDefinition, type ContentHead, type ContentOptions, createHead } from '../content.js';
import { ContentType } from '../content-type.js';
import type { MessageContext } from '../context.js';

/** What all contents with a file have. */
export interface FileMembers {
  readonly filename?: string;
  /** The file itself. */
  readonly data?: Uint8Array;
  /**
   * The file as a stream, in place of `data` when it is too large to hold: whoever uploads it reads it from
   * here. Known to this program only: it is never written, so without an upload the file does not travel.
   * Each call starts from the first byte.
   */
  readonly source?: () => ReadableStream<Uint8Array>;
  /** Where the encrypted file can be fetched, when `data` is not here. */
  readonly url?: string;
  /** The key of what stands at `url`; set by the receiver when it could not be fetched at once. */
  readonly password?: SymmetricKey;
}

/** A file of any kind. */
export interface FileContent extends ContentHead, FileMembers {
  readonly kind: 'file';
}

/** A picture. */
export interface ImageContent extends ContentHead, FileMembers {
  readonly kind: 'image';
  /** A small picture to show before the file is here. */
  readonly thumbnail?: Uint8Array;
}

/** Something recorded. */
export interface AudioContent extends ContentHead, FileMembers {
  readonly kind: 'audio';
  /** What speech recognition made of it. */
  readonly text?: string;
}

/** A film. */
export interface VideoContent extends ContentHead, FileMembers {
  readonly kind: 'video';
  /** A picture of it to show before the file is here. */
  readonly snapshot?: Uint8Array;
}

/** Any content that carries a file. */
export type AnyFileContent = FileContent | ImageContent | AudioContent | VideoContent;

declare module '../content.js' {
  interface ContentKinds {
    file: FileContent;
    image: ImageContent;
    audio: AudioContent;
    video: VideoContent;
  }
}

/** Wire: `{ type: 16, sn, filename?, data?: "<base64>", URL?, password?: {…} }` */
export const fileContent: ContentDefinition<FileContent> = {
  code: ContentType.file,
  parse: (reader, context) => ({ kind: 'file', ...parseFile(reader, context) }),
  format: content => formatFile(content),
};

/** As a file, and `thumbnail: "<base64>"`. */
export const imageContent: ContentDefinition<ImageContent> = {
  code: ContentType.image,
  parse(reader, context) {
    const thumbnail = reader.optionalBytes('thumbnail');
    return { kind: 'image', ...parseFile(reader, context), ...(thumbnail && { thumbnail }) };
  },
  format: content => ({
    ...formatFile(content),
    ...(content.thumbnail && { thumbnail: encodeBase64(content.thumbnail) }),
  }),
};

/** As a file, and `text`. */
export const audioContent: ContentDefinition<AudioContent> = {
  code: ContentType.audio,
  parse(reader, context) {
    const text = reader.optionalText('text');
    return { kind: 'audio', ...parseFile(reader, context), ...(text !== undefined && { text }) };
  },
  format: content => ({
    ...formatFile(content),
    ...(content.text !== undefined && { text: content.text }),
  }),
};

/** As a file, and `snapshot: "<base64>"`. */
export const videoContent: ContentDefinition<VideoContent> = {
  code: ContentType.video,
  parse(reader, context) {
    const snapshot = reader.optionalBytes('snapshot');
    return { kind: 'video', ...parseFile(reader, context), ...(snapshot && { snapshot }) };
  },
  format: content => ({
    ...formatFile(content),
    ...(content.snapshot && { snapshot: encodeBase64(content.snapshot) }),
  }),
};

/** What a new file content is made of. */
export interface FileOptions extends ContentOptions, FileMembers {}

/**
 * A file to send: its bytes as `data`, or a stream of them as `source`. It goes to a file host where an
 * `AttachmentHandler` is at work, else `data` travels inside the message.
 * @throws {TypeError} bytes that are no Uint8Array, a source that is no function
 */
export function createFile(options: FileOptions): FileContent {
  checkFile(options);
  return { ...createHead(ContentType.file, options), ...fileMembers(options), kind: 'file' };
}

/** A picture to send, as `createFile`. `thumbnail` travels inside the message. */
export function createImage(options: FileOptions & Pick<ImageContent, 'thumbnail'>): ImageContent {
  checkFile(options);
  const { thumbnail } = options;
  if (thumbnail !== undefined) checkBytes(thumbnail, 'thumbnail');
  const head = createHead(ContentType.image, options);
  return { ...head, ...fileMembers(options), ...(thumbnail && { thumbnail }), kind: 'image' };
}

/** Something recorded to send, as `createFile`. */
export function createAudio(options: FileOptions & Pick<AudioContent, 'text'>): AudioContent {
  checkFile(options);
  const { text } = options;
  const head = createHead(ContentType.audio, options);
  return { ...head, ...fileMembers(options), ...(text !== undefined && { text }), kind: 'audio' };
}

/** A film to send, as `createFile`. `snapshot` travels inside the message. */
export function createVideo(options: FileOptions & Pick<VideoContent, 'snapshot'>): VideoContent {
  checkFile(options);
  const { snapshot } = options;
  if (snapshot !== undefined) checkBytes(snapshot, 'snapshot');
  const head = createHead(ContentType.video, options);
  return { ...head, ...fileMembers(options), ...(snapshot && { snapshot }), kind: 'video' };
}

/** Whether a content carries a file. */
export function isFileContent(content: { readonly kind: string }): content is AnyFileContent {
  return fileKinds.has(content.kind);
}

/**
 * The content with its data set, by which the file is renamed: hex MD5 of the data, and the extension the
 * old name had (v1.md 8.2).
 */
export function withFileData<C extends AnyFileContent>(content: C, data: Uint8Array): C {
  const extension = fileExtension(content.filename);
  const name = encodeHex(md5(data));
  return { ...content, data, filename: extension === '' ? name : `${name}.${extension}` };
}

/** What follows the last dot of the last path component; empty for none, leading dots do not count. */
export function fileExtension(filename: string | undefined): string {
  const component = (filename ?? '').slice((filename ?? '').lastIndexOf('/') + 1).replace(/^\.+/, '');
  const dot = component.lastIndexOf('.');
  return dot < 0 ? '' : component.slice(dot + 1);
}

function checkFile(options: FileMembers): void {
  checkOptions(options);
  const { data, source } = options;
  if (data !== undefined) checkBytes(data, 'data');
  check(source === undefined || typeof source === 'function', 'source', 'a function', source);
}

const fileKinds = /* @__PURE__ */ new Set(['file', 'image', 'audio', 'video']);

function fileMembers({ filename, data, source, url, password }: FileMembers): FileMembers {
  return {
    ...(filename !== undefined && { filename }),
    ...(data && { data }),
    ...(source && { source }),
    ...(url !== undefined && { url }),
    ...(password && { password }),
  };
}

function parseFile(reader: JsonReader, context: MessageContext): FileMembers {
  const filename = reader.optionalText('filename');
  const data = reader.optionalBytes('data');
  const url = reader.optionalText('URL');
  const password = parsePassword(reader, context);
  return fileMembers({
    ...(filename !== undefined && { filename }),
    ...(data && { data }),
    ...(url !== undefined && { url }),
    ...(password && { password }),
  });
}

/** In broadcasts the password is PLAIN, which message keys may not be, so it is known here only. */
function parsePassword(reader: JsonReader, context: MessageContext): SymmetricKey | undefined {
  const json = reader.optionalObject('password');
  if (json === undefined) return undefined;
  if (isJsonObject(json) && json['algorithm'] === plain.code) return plain.parseKey(json);
  return parseSymmetricKey(json, context, reader.at('password'));
}

function formatFile({ filename, data, url, password }: FileMembers): JsonObject {
  return {
    ...(filename !== undefined && { filename }),
    ...(data && { data: encodeBase64(data) }),
    ...(url !== undefined && { URL: url }),
    ...(password && { password: exportKey(password) }),
  };
}
