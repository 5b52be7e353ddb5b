/** Why a message is refused: stable, for programs. What people read stands in the texts below. */
export type RefusalReason = keyof typeof refusalTexts;

/** What a refused sender reads. */
export const refusalTexts = {
  'not-logged-in': 'Message refused: log in first.',
  'not-your-message': 'Message refused: its sender is not who logged in here.',
  'bad-signature': 'Message refused: its signature does not fit its sender.',
  'unknown-sender': 'Message refused: the sender has no meta here; attach it.',
  'unknown-receiver': 'Message refused: nobody goes by the name of its receiver here.',
  malformed: 'Message refused: it is no message of this protocol.',
  'too-large': 'Message refused: it is too large.',
  blocked: 'Message refused: the receiver has blocked the sender.',
  banned: 'Message refused: the station serves you no more.',
  'group-without-keys': 'Message refused: a group message needs keys of its members, or an assistant here.',
  'receiver-full': 'Message refused: too much is kept for the receiver already.',
  storage: 'Message refused: the station cannot store it now.',
  stopping: 'Message refused: the station is going down.',
} as const;

/** The answer to a message that was not taken. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** Seconds after which trying again may help. Absent when it never will, or nobody knows when. */
  readonly retryAfter?: number;
}

/** The `code` that a receipt of refusal carries: `ERR_STATION_` and the reason in capitals. */
export function refusalCode(reason: RefusalReason): string {
  return `ERR_STATION_${reason.toUpperCase().replaceAll('-', '_')}`;
}
