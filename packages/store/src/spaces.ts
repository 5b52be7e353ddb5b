/**
 * The kinds of records. The number is the first byte of a record's key, so records of a kind lie together; it is
 * never given to another kind.
 */
export const spaces = {
  /** How the store is sealed and which schema it has; itself not sealed. */
  header: 0x00,
  meta: 0x10,
  profile: 0x11,
  /** Private keys. */
  'user keys': 0x12,
  'local users': 0x13,
  contacts: 0x14,
  members: 0x15,
  assistants: 0x16,
  names: 0x17,
  certificate: 0x18,
  /** Message keys. */
  'message key': 0x20,
  /** In which order they were used. */
  'key turn': 0x21,
  /** Which messages were accepted before, in blocks. */
  replay: 0x28,
  /** Those accepted last, which are in no block yet. */
  'replay tail': 0x29,
  /** Conversations at a glance. */
  conversation: 0x30,
  message: 0x31,
  /** Where messages stand that were sent, by serial number. */
  'sent message': 0x32,
  /** The index of what was said. */
  search: 0x33,
  /** Packages on their way to the transport. */
  outbox: 0x38,
  /** Messages that wait for something of others. */
  waiting: 0x39,
  /** Damaged records that `repair()` set aside, as they were found. */
  quarantine: 0xfd,
  /** A second copy of the header, far from the first. */
  'header copy': 0xfe,
} as const;

/** The name of a kind of records. */
export type Space = keyof typeof spaces;

const namesByNumber = /* @__PURE__ */ new Map<number, Space>(
  (Object.entries(spaces) as [Space, number][]).map(([name, number]) => [number, name]),
);

/** The kind of a record by its key; undefined for a number that this version does not know. */
export function spaceOf(key: Uint8Array): Space | undefined {
  return namesByNumber.get(key[0] as number);
}
