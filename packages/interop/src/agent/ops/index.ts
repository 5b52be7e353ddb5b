/**
 * Everything the agent can be asked, by theme. A new operation goes into the list of its theme, a new theme here.
 * @packageDocumentation
 */
import { createRegistry, type Registry } from '@dimp/crypto';
import type { AgentOperation } from '../operation.js';
import { accountOperations } from './accounts.js';
import { cryptoOperations } from './crypto.js';
import { fileOperations } from './files.js';
import { generalOperations } from './general.js';
import { groupOperations } from './groups.js';
import { identityOperations } from './identity.js';
import { messageOperations } from './messages.js';
import { processingOperations } from './processing.js';
import { timingOperations } from './timing.js';

/** The operations of generation 1. */
export const agentOperations: Registry<AgentOperation> = /* @__PURE__ */ createRegistry('operation', [
  ...generalOperations,
  ...accountOperations,
  ...groupOperations,
  ...identityOperations,
  ...cryptoOperations,
  ...messageOperations,
  ...processingOperations,
  ...fileOperations,
  ...timingOperations,
]);
