import type { JsonObject } from '@dimp/crypto';
import { checkText } from '@dimp/crypto/check-arguments';
import {
  type CommandDefinition,
  type CommandHead,
  type ContentOptions,
  ContentType,
  createHead,
  type Envelope,
} from '@dimp/dkd';

/**
 * Says that something arrived. In answer to a message, `serialNumber` and `time` in the head are the ones
 * of that message.
 */
export interface ReceiptCommand extends CommandHead {
  readonly kind: 'receipt-command';
  /** For people. Empty when the sender gave none. */
  readonly message: string;
  /** Sender of the message it is for, as text: stations quote what they saw, ID or not. */
  readonly sender?: string;
  readonly receiver?: string;
  /** The quoted head, in the layout that nests it. */
  readonly envelope?: JsonObject;
}

declare module '@dimp/dkd' {
  interface ContentKinds {
    'receipt-command': ReceiptCommand;
  }
}

/** Wire: `{ type: 136, command: "receipt", message, sn?, sender?, receiver?, time? }`; also read: `text` for `message`, a nested `envelope`. */
export const receiptCommand: CommandDefinition<ReceiptCommand> = {
  code: 'receipt',
  parse(reader) {
    const message = reader.optionalText(reader.has('message') ? 'message' : 'text') ?? '';
    const sender = reader.optionalText('sender');
    const receiver = reader.optionalText('receiver');
    const envelope = reader.optionalObject('envelope');
    return {
      kind: 'receipt-command',
      message,
      ...(sender !== undefined && { sender }),
      ...(receiver !== undefined && { receiver }),
      ...(envelope && { envelope }),
    };
  },
  format: ({ message, sender, receiver, envelope }) => ({
    message,
    ...(sender !== undefined && { sender }),
    ...(receiver !== undefined && { receiver }),
    ...(envelope && { envelope }),
  }),
};

/** The head of the message that a receipt is for, as quoted. */
export interface ReceiptOrigin {
  readonly sender: string;
  readonly receiver: string;
  /** 0 when it was not quoted. */
  readonly time: number;
}

/** What a receipt is for; undefined when it does not say. */
export function receiptOrigin(receipt: ReceiptCommand): ReceiptOrigin | undefined {
  const { envelope } = receipt;
  const sender = envelope ? envelope['sender'] : receipt.sender;
  const receiver = envelope ? envelope['receiver'] : receipt.receiver;
  if (typeof sender !== 'string' || typeof receiver !== 'string') return undefined;
  const time = Number(envelope ? envelope['time'] : receipt.time);
  return { sender, receiver, time: Number.isFinite(time) ? time : 0 };
}

/** A receipt; with the head and serial number of a message, one for that message. @throws {TypeError} no text */
export function createReceipt(
  message: string,
  origin?: { readonly envelope: Envelope; readonly serialNumber?: number | undefined },
  options: ContentOptions = {},
): ReceiptCommand {
  checkText(message, 'message');
  const envelope = origin?.envelope;
  const head = createHead(ContentType.command, {
    ...options,
    ...(origin?.serialNumber !== undefined && { serialNumber: origin.serialNumber }),
    ...(envelope?.time !== undefined && { time: envelope.time }),
  });
  return {
    ...head,
    kind: 'receipt-command',
    command: 'receipt',
    message,
    ...(envelope && { sender: envelope.sender.text, receiver: envelope.receiver.text }),
  };
}
