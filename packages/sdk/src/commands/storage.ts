import {
  exportKey,
  formatJson,
  type JsonObject,
  parseJsonObject,
  parseSymmetricKey,
  type SymmetricKey,
  UsageError,
} from '@dimp/crypto';
import { encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import {
  type CommandDefinition,
  type CommandHead,
  type ContentOptions,
  ContentType,
  createHead,
  type MessageContext,
} from '@dimp/dkd';
import { type ID, parseID, type User } from '@dimp/mkm';

/** What a user keeps at a station, encrypted for himself. */
export interface StorageCommand extends CommandHead {
  readonly kind: 'storage-command';
  /** What it is: `contacts`, `private_key` or a name of one's own. */
  readonly title: string;
  readonly id?: ID;
  /** Encrypted with `key`. Without data the command is a question. */
  readonly data?: Uint8Array;
  /** JSON of a symmetric key, encrypted with the user's public key. */
  readonly key?: Uint8Array;
}

declare module '@dimp/dkd' {
  interface ContentKinds {
    'storage-command': StorageCommand;
  }
}

/**
 * Wire: `{ type: 136, command: "storage", title, ID?, data?: "<base64>", key?: "<base64>" }`; for contacts
 * `command: "contacts"` without title. Also read: `command: "private_key"`, `did` for `ID`.
 */
export const storageCommand: CommandDefinition<StorageCommand> = {
  code: 'storage',
  aliases: ['contacts', 'private_key'],
  parse(reader, context, { command }) {
    const title = reader.optionalText('title') ?? (command === 'storage' ? '' : command);
    const id = reader.value(reader.has('did') ? 'did' : 'ID');
    const data = reader.optionalBytes('data');
    const key = reader.optionalBytes('key');
    return {
      kind: 'storage-command',
      title,
      ...(id !== undefined && { id: parseID(id, context, reader.at('ID')) }),
      ...(data && { data }),
      ...(key && { key }),
    };
  },
  format: ({ command, title, id, data, key }): JsonObject => ({
    ...(title !== '' && title !== command && { title }),
    ...(data && { data: encodeBase64(data) }),
    ...(key && { key: encodeBase64(key) }),
    ...(id && { ID: id.text }),
  }),
};

/** @throws {UsageError} without title */
export function createStorage(
  title: string,
  members: Pick<StorageCommand, 'id' | 'data' | 'key'> = {},
  options: ContentOptions = {},
): StorageCommand {
  if (title === '') throw new UsageError('title: expected the name of what is stored, got an empty text.');
  return {
    ...createHead(ContentType.command, options),
    kind: 'storage-command',
    command: title === 'contacts' ? 'contacts' : 'storage',
    title,
    ...members,
  };
}

/** Encrypts something for a user himself. @throws {NotFoundError} without his meta */
export async function sealStorage(
  title: string,
  plaintext: Uint8Array,
  user: User,
  context: Pick<MessageContext, 'symmetric'>,
): Promise<StorageCommand> {
  const [algorithm] = context.symmetric;
  if (algorithm === undefined) throw new UsageError('The protocol has no symmetric algorithm; pass one.');
  const password = await algorithm.generateKey();
  const data = await password.encrypt(plaintext);
  const key = await user.encrypt(encodeUtf8(formatJson(exportKey(password), 'StorageCommand.key')));
  return createStorage(title, { id: user.id, data, key });
}

/** What `openStorage` gives. */
export interface OpenedStorage {
  readonly key: SymmetricKey;
  readonly plaintext: Uint8Array;
}

/**
 * Opens what a user kept for himself.
 * @throws {UsageError} when there is no data, or no key: a backup of the private key is opened with a password known otherwise
 * @throws {DecryptError}
 */
export async function openStorage(
  command: StorageCommand,
  user: User,
  context: Pick<MessageContext, 'symmetric'>,
): Promise<OpenedStorage> {
  const { data, key: encryptedKey } = command;
  if (data === undefined || encryptedKey === undefined) {
    throw new UsageError('StorageCommand: expected data and key; without a key it was encrypted otherwise.');
  }
  const key = await user.decrypt(encryptedKey, plaintext => readPassword(plaintext, context));
  return { key, plaintext: await key.decrypt(data) };
}

function readPassword(
  plaintext: Uint8Array,
  context: Pick<MessageContext, 'symmetric'>,
): SymmetricKey | undefined {
  try {
    return parseSymmetricKey(parseJsonObject(plaintext, 'StorageCommand.key'), context);
  } catch {
    // bytes without meaning, as a wrong key gives them: the next key is tried, and all look alike
    return undefined;
  }
}
