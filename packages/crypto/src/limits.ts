/**
 * How much of foreign data is looked at. Everything beyond is refused with `ERR_LIMIT` before work is spent
 * on it. One file, so that a reviewer finds each bound with its reason.
 */
export const limits = {
  /** Bytes of one message package: an inline file of a few megabytes fits, a memory bomb does not. */
  packageBytes: 8_388_608,
  /** Nesting of JSON: a forward in a forward is text inside text, so real messages stay below ten. */
  jsonDepth: 32,
  /** Values in one JSON text: a key for each of 10,000 group members, and room beside them. */
  jsonValues: 50_000,
  /** Members of one group: each costs an RSA operation when a message is sent. */
  groupMembers: 10_000,
  /** Forwards inside forwards: each level costs a signature check and a decryption. */
  forwardDepth: 8,
  /** Letters of an ID: names are 2 to 31 letters by advice; terminals are short. */
  idLength: 1024,
  /** Letters of a meta: nothing covers members beside the known ones, yet it is kept for ever. Real ones take 2,000. */
  metaLength: 32_768,
  /** Letters of a profile, which is kept for everybody met: a name, a key, links to pictures. Real ones take 1,000. */
  profileLength: 262_144,
  /** Letters of a PEM text or another coded key: a 4096-bit private key takes 3,300. */
  keyText: 16_384,
  /** RSA moduli accepted from peers. Below 1024 bits is breakable at home, above 4096 one check costs too much. */
  rsaMinBits: 1024,
  rsaMaxBits: 4096,
} as const;
