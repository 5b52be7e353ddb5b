/**
 * Everything the runner can do, by theme. A new operation goes into the list of its theme, a new theme here.
 * @packageDocumentation
 */
import { createRegistry, type Registry } from '@dimp/crypto';
import type { Operation } from '../operation.js';
import { attachmentOperations } from './attachments.js';
import { certificateOperations } from './certificates.js';
import { cipherOperations } from './ciphers.js';
import { contentOperations } from './contents.js';
import { digestOperations } from './digests.js';
import { entityOperations } from './entities.js';
import { idOperations } from './ids.js';
import { keyOperations } from './keys.js';
import { messageOperations } from './messages.js';
import { metaOperations } from './metas.js';
import { processingOperations } from './processing.js';
import { profileOperations } from './profiles.js';
import { tableOperations } from './tables.js';
import { unpackingOperations } from './unpacking.js';

/** The operations of generation 1. */
export const operations1: Registry<Operation> = /* @__PURE__ */ createRegistry('operation', [
  ...digestOperations,
  ...keyOperations,
  ...cipherOperations,
  ...idOperations,
  ...metaOperations,
  ...profileOperations,
  ...contentOperations,
  ...messageOperations,
  ...attachmentOperations,
  ...unpackingOperations,
  ...processingOperations,
  ...entityOperations,
  ...tableOperations,
  ...certificateOperations,
]);
