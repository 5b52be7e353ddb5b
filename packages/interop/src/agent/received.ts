import { DimpError } from '@dimp/crypto';
import { NotForUsError, type Received } from '@dimp/sdk';

/** A message that cannot be opened before something of somebody is here. */
export class SuspendedError extends DimpError {
  constructor(waitingFor: string) {
    super(
      'ERR_SUSPENDED',
      `The message waits for what is missing of ${waitingFor}; import it and try again.`,
    );
  }
}

/** What became of a message that was accepted. @throws {DimpError} it was not, and why */
export function requireAccepted(received: Received): Received & { readonly kind: 'accepted' } {
  switch (received.kind) {
    case 'accepted':
      return received;
    case 'suspended':
      throw new SuspendedError(received.waitingFor.text);
    case 'not-for-us':
      throw new NotForUsError(received.message);
    case 'duplicate':
      throw new DimpError('ERR_DUPLICATE', 'The message was seen before.');
    case 'rejected':
      throw received.error;
  }
}
