import type { PrivateKey } from '@dimp/crypto';
import { randomBytes } from '@dimp/crypto';
import { encodeBase64 } from '@dimp/crypto/format';
import { rsa } from '@dimp/crypto-node';
import type { User } from '@dimp/mkm';
import { Facebook, registerUser } from '@dimp/sdk';

/** One user of a load. */
export interface Person {
  readonly user: User;
  readonly key: PrivateKey;
  readonly facebook: Facebook;
}

/** Bytes that are random in a message, so that its package has about 700. */
const bodyBytes = 140;
const keyBytes = 128;
/** When all messages are sent, in seconds. */
export const messageTime = 1_586_000_000;
/** One key is as good as another, and making one takes long. */
const mostKeys = 16;

/** Users of a load, with messages that are signed beforehand. */
export interface People {
  readonly all: readonly Person[];
  /** Signed by each user in turn. */
  readonly signed: readonly Signed[];
}

/** What a sender has signed, without whom it is for: that is not covered by the signature. */
export interface Signed {
  readonly sender: number;
  readonly signature: string;
  /** The members of the package behind sender and receiver, up to its end. */
  readonly members: string;
}

export async function createPeople(users: number, messages: number): Promise<People> {
  const keys = await Promise.all(
    Array.from({ length: Math.min(users, mostKeys) }, () => rsa.generatePrivateKey({ bits: 1024 })),
  );
  const all: Person[] = [];
  for (let number = 0; number < users; number++) {
    const key = keys[number % keys.length] as PrivateKey;
    const facebook = new Facebook();
    const name = `user-${number}`;
    all.push({
      key,
      facebook,
      user: await registerUser(facebook, { name, privateKey: key, profileKey: false }),
    });
  }
  const signed: Signed[] = [];
  for (let number = 0; number < messages; number++) {
    const sender = number % users;
    const data = randomBytes(bodyBytes);
    const signature = encodeBase64(await (all[sender] as Person).key.sign(data));
    const key = encodeBase64(randomBytes(keyBytes));
    const members = `"time":${messageTime},"key":"${key}","signature":"${signature}","data":"${encodeBase64(data)}"}`;
    signed.push({ sender, signature, members });
  }
  return { all, signed };
}
