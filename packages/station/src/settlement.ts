import { concatBytes } from '@dimp/crypto';
import type { HotMessage, KeptUser } from './kept-user.js';
import type { MessageBatch } from './message-batch.js';
import { journalKey, messageKey } from './message-keys.js';
import { formatMessage } from './message-records.js';
import type { MessageState } from './message-state.js';

/** Records of users in one batch, at most, so that others do not wait for it long. */
const usersAtOnce = 64;

/**
 * Makes records of the journal superfluous, in as many batches as it takes: first the records of users are brought up
 * to date, then what is still needed of those messages goes to the mailboxes, and the journal's records are deleted.
 */
export class Settlement {
  readonly #state: MessageState;
  /** The last record of the journal that is settled. */
  readonly #last: number;
  #users: number;
  #isOver = false;

  /** @param last the number of a record; below all for records of users only */
  constructor(state: MessageState, last: number) {
    this.#state = state;
    this.#last = last;
    // whoever is changed from now on stands behind these
    this.#users = state.dirty.size;
    state.settling = last;
  }

  /** Everything is in a batch. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Adds as much to a batch as may be. @param before when the first note of what came before is old */
  step(batch: MessageBatch, before: number): void {
    let room = usersAtOnce;
    for (const user of this.#state.dirty) {
      if (this.#users === 0) break;
      if (room-- === 0) return;
      this.#users--;
      batch.save(user);
    }
    this.#isOver = true;
    for (const user of this.#state.late) batch.save(user);
    this.#state.late.clear();
    this.#state.settling = 0;
    const settled = this.#state.journals.filter(({ number }) => number <= this.#last);
    if (settled.length === 0) return;
    for (const user of this.#state.hot) this.#move(user, batch);
    const { seen } = this.#state;
    batch.write(seen.note(concatBytes(...settled.map(({ digests }) => digests))));
    for (const operation of seen.turn(before)) batch.write(operation);
    for (const { number } of settled) batch.write({ type: 'del', key: journalKey(number) });
    batch.whenDone(() => this.#state.dropJournals(settled.length));
  }

  /** What he did not get so soon stays for longer. */
  #move(user: KeptUser, batch: MessageBatch): void {
    if (user.hot.length === 0) this.#state.hot.delete(user);
    const moving = user.hot.filter(({ journal }) => journal <= this.#last);
    if (moving.length === 0) return;
    user.isPrompt = false;
    for (const message of moving) {
      const { number, time, senderTag, data } = message;
      message.isMoving = true;
      batch.put(messageKey(user.name, number), formatMessage(time, senderTag, data));
    }
    batch.whenDone(() => {
      user.hot = user.hot.filter(({ isMoving }: HotMessage) => !isMoving);
      if (user.hot.length === 0) this.#state.hot.delete(user);
    });
  }
}
