import { DimpError } from '@dimp/crypto';

/** A signature that none of the sender's keys made. */
export class SignatureError extends DimpError {
  constructor(sender: string) {
    super('ERR_SIGNATURE', `The signature of the message was not made by ${sender}; drop the message.`);
  }
}

/** A message that was made for another receiver or at another time than its envelope says. */
export class BindingError extends DimpError {
  constructor() {
    super(
      'ERR_BINDING',
      'The message was re-addressed or dated anew: its content is bound to another envelope.',
    );
  }
}

/** A meta that came with a message and does not belong to its sender. */
export class MetaMismatchError extends DimpError {
  readonly id: string;

  constructor(id: string) {
    super('ERR_META', `The meta that came along does not belong to ${id}; drop it.`);
    this.id = id;
  }
}

/** Envelope and content name different groups. */
export class GroupMismatchError extends DimpError {
  constructor() {
    super(
      'ERR_GROUP',
      'The envelope names another group than the content, which is signed; drop the message.',
    );
  }
}
