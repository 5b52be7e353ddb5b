import type { JsonObject } from '@dimp/crypto';
import { encodeBase64 } from '@dimp/crypto/format';
import type { ReliableMessage } from '@dimp/dkd';
import { isBroadcastID } from '@dimp/mkm';
import { createReceipt, type ReceiptCommand } from '@dimp/sdk';
import { type Refusal, refusalCode, refusalTexts } from './refusal.js';

/** What a sender reads when his message was taken. */
export const deliveryTexts = {
  /** A session of the receiver gets it now. */
  online: 'Message delivering',
  offline: 'Message cached',
} as const;

/**
 * A receipt in the form of generation 1: `message`, and copies of what names the message: `sender`, `receiver`, `time`,
 * `group`, `signature`, and `sn` where the message shows it.
 */
export function createStationReceipt(
  text: string,
  message: ReliableMessage | undefined,
  extra: JsonObject = {},
): ReceiptCommand {
  if (message === undefined) return createReceipt(text, undefined, { extra });
  const { envelope, signature } = message;
  const { group } = envelope;
  const serialNumber = message.extra['sn'];
  const isShown = Number.isSafeInteger(serialNumber) && (serialNumber as number) > 0;
  const origin = { envelope, ...(isShown && { serialNumber: serialNumber as number }) };
  return createReceipt(text, origin, {
    // the group of a broadcast would make one of the receipt
    ...(group !== undefined && !isBroadcastID(group) && { group }),
    extra: { signature: encodeBase64(signature), ...extra },
  });
}

/** A receipt that says why a message was not taken: with `code`, and `retry_after` in seconds where trying again helps. */
export function createRefusal({ reason, retryAfter }: Refusal, message?: ReliableMessage): ReceiptCommand {
  return createStationReceipt(refusalTexts[reason], message, {
    code: refusalCode(reason),
    ...(retryAfter !== undefined && { retry_after: retryAfter }),
  });
}
