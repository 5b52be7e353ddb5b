// checked by tsc alone: what goes in must have been checked, and what comes out says what it is
import type { Verified } from '@dimp/crypto';
import type { ReliableMessage, SecureMessage } from '@dimp/dkd';
import type { ID, Meta } from '@dimp/mkm';
import type {
  Barrack,
  DecryptedMessage,
  KeyStore,
  MessageKey,
  Protection,
  Transceiver,
} from '../src/index.js';

declare const barrack: Barrack;
declare const transceiver: Transceiver;
declare const id: ID;
declare const read: Meta;
declare const checked: Verified<Meta>;
declare const secure: SecureMessage;
declare const verified: Verified<SecureMessage>;
declare const reliable: ReliableMessage;
declare const opened: DecryptedMessage;
declare const entry: MessageKey;

void barrack.saveMeta(id, checked);
// @ts-expect-error a meta that was only read
void barrack.saveMeta(id, read);
// @ts-expect-error a copy of a checked one
void barrack.saveMeta(id, { ...checked });

void transceiver.decrypt(verified, id);
// @ts-expect-error a message whose signature was not checked
void transceiver.decrypt(secure, id);
// @ts-expect-error nor one that came just now
void transceiver.decrypt(reliable, id);
// @ts-expect-error a verified one that was changed
void transceiver.decrypt({ ...verified, data: new Uint8Array(0) }, id);

// @ts-expect-error who checked the signature is not known here
export const full: Protection = opened.protection;
// @ts-expect-error a broadcast has none
opened.protection.encryption.algorithm;

// @ts-expect-error entries are replaced, not changed
entry.uses = 1;

/** A port may answer at once or later. */
export const both: readonly KeyStore['loadKey'][] = [() => entry, async () => entry, () => undefined];
