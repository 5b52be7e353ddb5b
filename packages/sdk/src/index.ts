/**
 * What an application starts from: Facebook knows who is who, Messenger sends and receives.
 * @packageDocumentation
 */
export { AddressNameService, reservedNames } from './address-name-service.js';
export type { Archive, ProfileKey, UserKeys } from './archive.js';
export {
  type AttachmentOptions,
  attachmentHandler,
  type FileProblem,
  type FileProgress,
} from './attachments.js';
export {
  type Certificate,
  type CertificateName,
  type CertificateOutcome,
  formatCertificate,
  parseCertificate,
  verifyCertificate,
} from './certificate.js';
export {
  blockCommand,
  type ContactListCommand,
  createContactList,
  muteCommand,
} from './commands/contact-list.js';
export {
  createHandshake,
  type HandshakeCommand,
  HandshakeState,
  handshakeCommand,
  handshakeState,
} from './commands/handshake.js';
export { createLogin, type LoginCommand, type LoginMembers, loginCommand } from './commands/login.js';
export {
  createReceipt,
  type ReceiptCommand,
  type ReceiptOrigin,
  receiptCommand,
  receiptOrigin,
} from './commands/receipt.js';
export {
  createReport,
  type Presence,
  type ReportCommand,
  reportCommand,
  reportedPresence,
} from './commands/report.js';
export {
  createSearch,
  createSearchAnswer,
  createUsersQuery,
  type FoundUser,
  foundUsers,
  type SearchCommand,
  type SearchPage,
  searchCommand,
  usersCommand,
} from './commands/search.js';
export {
  createStorage,
  type OpenedStorage,
  openStorage,
  type StorageCommand,
  sealStorage,
  storageCommand,
} from './commands/storage.js';
export {
  type Conversation,
  type ConversationSummary,
  type Conversations,
  changeMessage,
  conversationName,
  type KeptMessage,
  type MessageChange,
  type MessageFailure,
  type MessagePage,
  type MessagePlace,
  type MessageReceipt,
  type MessageState,
  messageStates,
  type NewMessage,
  type Retention,
} from './conversations.js';
export { Facebook } from './default-facebook.js';
export { Messenger } from './default-messenger.js';
export { defaultProcessors, referenceProcessors } from './default-processors.js';
export { defaultProtocol, defaults, type ProtocolLists, sessionCommands } from './defaults.js';
export type { FacebookEvents, FacebookOptions } from './directory.js';
export {
  NotForUsError,
  RefusedError,
  TransportError,
  type TransportErrorOptions,
  WaitingError,
} from './errors.js';
export type { AcceptedContent, MessengerEvents } from './events.js';
export { openFile } from './file-access.js';
export type { DownloadOptions, FileHost, UploadOptions } from './file-host.js';
export { fileLimits } from './file-limits.js';
export { type GroupChange, GroupManager } from './group-manager.js';
export type { Labels } from './labels.js';
export { MemoryArchive } from './memory-archive.js';
export { MemoryConversations, type MemoryConversationsOptions } from './memory-conversations.js';
export { MemoryFileHost, type MemoryFileHostOptions } from './memory-file-host.js';
export { MemoryRelay } from './memory-relay.js';
export type { PackedMessage } from './message-sender.js';
export type { MessengerOptions, SendOptions } from './messenger-options.js';
export type { MessengerStore, StorePorts, StoreUnit } from './messenger-store.js';
export { MemoryOutbox, type NewParcel, type Outbox, type Parcel } from './outbox.js';
export {
  type Processed,
  type Processor,
  type ProcessorComponents,
  type ProcessorFactory,
  type ReceivedContent,
  silence,
} from './processor.js';
export { refusingProcessor, silentProcessor } from './processors/default.js';
export { forwardProcessor } from './processors/forward.js';
export {
  expelProcessor,
  inviteProcessor,
  queryProcessor,
  quitProcessor,
  resetProcessor,
} from './processors/group.js';
export { metaProcessor } from './processors/meta.js';
export { profileProcessor } from './processors/profile.js';
export type { Arrival, Received, Sent } from './received.js';
export {
  type RegisterGroupOptions,
  type RegisterUserOptions,
  registerGroup,
  registerUser,
  rotateProfileKey,
  updateProfile,
} from './register-user.js';
export { MemoryReplayMemory, type MemoryReplayMemoryOptions, type ReplayMemory } from './replay-memory.js';
export type { Missing, Resolver } from './resolver.js';
export {
  formatProviderRecord,
  formatStationRecord,
  type ProviderRecord,
  parseProviderRecord,
  parseStationRecord,
  providerKey,
  type StationRecord,
  stationLocation,
} from './station-record.js';
export { parseSearchQuery, readableText, type SearchQuery, searchTerms } from './text-search.js';
export type { Transport } from './transport.js';
export {
  MemoryWaitingList,
  type NewWaiting,
  type WaitingArrival,
  type WaitingDeparture,
  type WaitingList,
  type WaitingMessage,
} from './waiting-list.js';
export type { WaitingRoomOptions } from './waiting-room.js';
