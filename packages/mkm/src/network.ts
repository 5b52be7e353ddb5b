/**
 * The two generations of the protocol. An address carries only a number; what it means depends on the
 * generation (v1.md 3.1, v2.md 2.1).
 */
export type Generation = 1 | 2;

/** Numbers of generation 1 that entities are made of. */
export const NetworkType = {
  btcMain: 0x00,
  /** A person. */
  main: 0x08,
  /** A small group, also called Polylogue. */
  group: 0x10,
  /** Reserved: a large group with administrators. */
  chatroom: 0x30,
  /** A service provider: a group whose members are its stations. */
  provider: 0x76,
  thing: 0x80,
  station: 0x88,
  robot: 0xc8,
} as const;

/** Whether a network number stands for something that acts by itself: a person, a robot, a station. */
export function isUserNetwork(network: number, generation: Generation = 1): boolean {
  if (generation === 2) return (translate(network) & 0x01) === 0;
  return (network & 0x08) !== 0 || network === NetworkType.btcMain;
}

/** Whether a network number stands for something that has members. Some odd numbers are user and group at once. */
export function isGroupNetwork(network: number, generation: Generation = 1): boolean {
  if (generation === 2) return (translate(network) & 0x01) !== 0;
  return (network & 0x10) !== 0;
}

/** What an entity is made as. `unsupported` is everything that nothing can be made of. */
export type EntityKind = 'user' | 'robot' | 'station' | 'polylogue' | 'provider' | 'chatroom' | 'unsupported';

/** The kind of entity that a network number stands for; broadcast addresses are told by their text, not here. */
export function entityKind(network: number, generation: Generation = 1): EntityKind {
  const kinds: { readonly [network: number]: EntityKind } = generation === 1 ? kinds1 : kinds2;
  return kinds[generation === 1 ? network : translate(network)] ?? 'unsupported';
}

const kinds1: { readonly [network: number]: EntityKind } = {
  [NetworkType.btcMain]: 'user',
  [NetworkType.main]: 'user',
  [NetworkType.group]: 'polylogue',
  [NetworkType.chatroom]: 'chatroom',
  [NetworkType.provider]: 'provider',
  [NetworkType.station]: 'station',
  [NetworkType.robot]: 'robot',
};

const kinds2: { readonly [network: number]: EntityKind } = {
  0: 'user',
  1: 'polylogue',
  2: 'station',
  3: 'provider',
  4: 'robot',
};

/** Generation 2 reads the numbers of generation 1 as its own before it looks at any bit (v2.md 16.1). */
function translate(network: number): number {
  return translated[network] ?? network;
}

const translated: { readonly [network: number]: number } = {
  [NetworkType.main]: 0,
  [NetworkType.group]: 1,
  [NetworkType.chatroom]: 1,
  [NetworkType.provider]: 3,
  [NetworkType.station]: 2,
  [NetworkType.robot]: 4,
};
