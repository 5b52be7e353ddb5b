/**
 * The machine: entities with what is known of them, message keys by direction, and the steps from a message
 * in the clear to one that travels and back.
 * @packageDocumentation
 */
export type { AttachmentContext, AttachmentHandler } from './attachments.js';
export { Barrack, type BarrackOptions, type BarrackSource } from './barrack.js';
export { bindContent, bindingOf, isBound, unbound } from './binding.js';
export type { DecryptedMessage } from './decryptor.js';
export type { EncryptedInstant, EncryptInstantOptions } from './encryptor.js';
export { BindingError, GroupMismatchError, MetaMismatchError, SignatureError } from './errors.js';
export {
  freshKeyPolicy,
  type KeyPolicy,
  type KeyStore,
  type MessageKey,
  oneKeyPolicy,
  type WrappedKey,
} from './key-store.js';
export {
  findMessageKey,
  formatKeyTable,
  type KeyTableEntry,
  loadKeyTable,
  parseKeyTable,
  saveKeyTable,
} from './key-table.js';
export { MemoryKeyStore, type MemoryKeyStoreOptions } from './memory-key-store.js';
export type { KeyStrength, Protection } from './protection.js';
export { createProtocol, type Protocol, type ProtocolOptions } from './protocol.js';
export { Transceiver, type TransceiverOptions, type VerifiedMessage } from './transceiver.js';
export { formatPackage, parsePackage } from './wire-package.js';
