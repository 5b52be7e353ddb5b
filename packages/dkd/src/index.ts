/**
 * What: contents and commands, messages in their three stages, and the steps between them.
 * @packageDocumentation
 */
export {
  type Command,
  type CommandDefinition,
  type CommandHead,
  commandContent,
  defineCommands,
  isCommand,
  type OwnCommandMembers,
  type UnknownCommand,
  type UnknownHistoryCommand,
} from './command.js';
export {
  commandMembers,
  createGroupCommand,
  expelCommand,
  type GroupCommand,
  type GroupCommandMembers,
  type GroupCommandName,
  historyContent,
  inviteCommand,
  isGroupCommand,
  joinCommand,
  queryCommand,
  quitCommand,
  resetCommand,
  type UnknownGroupCommand,
} from './commands/group.js';
export { createMetaCommand, type MetaCommand, metaCommand } from './commands/meta.js';
export {
  commandProfile,
  createProfileCommand,
  createProfileQuery,
  type ProfileCommand,
  profileCommand,
} from './commands/profile.js';
export {
  type Content,
  type ContentDefinition,
  type ContentHead,
  type ContentKinds,
  type ContentOptions,
  createHead,
  type FormatOptions,
  formatContent,
  type OwnMembers,
  parseContent,
  randomSerialNumber,
  type UnknownContent,
} from './content.js';
export { ContentType } from './content-type.js';
export {
  type AnyFileContent,
  type AudioContent,
  audioContent,
  createAudio,
  createFile,
  createImage,
  createVideo,
  type FileContent,
  type FileMembers,
  type FileOptions,
  fileContent,
  fileExtension,
  type ImageContent,
  imageContent,
  isFileContent,
  type VideoContent,
  videoContent,
  withFileData,
} from './contents/file.js';
export { createForward, type ForwardContent, forwardContent } from './contents/forward.js';
export { createMoney, type MoneyContent, type MoneyKind, moneyContent } from './contents/money.js';
export { createPage, type PageContent, type PageMembers, pageContent } from './contents/page.js';
export { createQuote, type QuoteContent, quoteContent } from './contents/quote.js';
export { createText, type TextContent, textContent } from './contents/text.js';
export type { MessageContext } from './context.js';
export { decryptData, decryptMessage, encryptedKeyFor, readDecrypted } from './decrypt-message.js';
export { type EncryptOptions, encryptMessage, type Recipient } from './encrypt-message.js';
export { type Envelope, formatEnvelope, isBroadcast, parseEnvelope } from './envelope.js';
export {
  createInstantMessage,
  formatInstantMessage,
  type InstantMessage,
  isBroadcastInstant,
  overtGroup,
  parseInstantMessage,
} from './instant-message.js';
export { formatReliableMessage, parseReliableMessage, type ReliableMessage } from './reliable-message.js';
export { formatSecureMessage, parseSecureMessage, type SecureMessage } from './secure-message.js';
export { signMessage } from './sign-message.js';
export { splitMessage, trimMessage } from './split-message.js';
export { verifyMessage } from './verify-message.js';
