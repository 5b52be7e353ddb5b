import { NotFoundError, type PrivateKey, type PublicKey, UnsupportedError } from '@dimp/crypto';
import { checkBytes } from '@dimp/crypto/check-arguments';
import type { UserDataSource } from './data-source.js';
import { Entity } from './entity.js';
import { decryptUsable, type EncryptionKey, selectEncryptionKey, selectVerifyKeys } from './user-keys.js';

/** A person, or whatever else acts by itself. With private keys in the data source it is a local user. */
export class User extends Entity<UserDataSource> {
  /** Whether the signature was made by this user. @throws {NotFoundError} without meta @throws {TypeError} no bytes */
  async verify(data: Uint8Array, signature: Uint8Array): Promise<boolean> {
    checkBytes(data, 'data');
    checkBytes(signature, 'signature');
    return (await this.findVerifyKey(data, signature)) !== undefined;
  }

  /** The key of this user that made the signature; undefined when none did. Throws as `verify`. */
  async findVerifyKey(data: Uint8Array, signature: Uint8Array): Promise<PublicKey | undefined> {
    const meta = await this.meta();
    // the profile is asked for only when it may help: nearly all signatures are the meta's
    if (await meta.key.verify(data, signature)) return meta.key;
    const [, ...others] = selectVerifyKeys(meta, await this.profile(), this.context);
    for (const key of others) {
      if (await key.verify(data, signature)) return key;
    }
    return undefined;
  }

  /**
   * Encrypts for this user.
   * @throws {NotFoundError} without meta, or without profile when the key in the meta only signs
   * @throws {UnsupportedError} when neither profile nor meta has a key that can encrypt
   */
  async encrypt(plaintext: Uint8Array): Promise<Uint8Array> {
    checkBytes(plaintext, 'plaintext');
    return (await this.encryptionKey()).encryption.encrypt(plaintext);
  }

  /** The key that `encrypt` uses. Throws as `encrypt`. */
  async encryptionKey(): Promise<EncryptionKey> {
    const profile = await this.profile();
    const key = selectEncryptionKey(await this.meta(), profile, this.context);
    if (key !== undefined) return key;
    if (profile === undefined) {
      throw new NotFoundError(
        'profile',
        this.id.text,
        'his meta only signs, so wait for a key in his profile.',
      );
    }
    throw new UnsupportedError(
      'encryption key',
      this.id.text,
      'his profile names none; ask him for one that does.',
    );
  }

  /** Signs as this user. @throws {NotFoundError} when the private key is not here */
  async sign(data: Uint8Array): Promise<Uint8Array> {
    checkBytes(data, 'data');
    const key = await this.source.loadSignKey(this.id);
    if (key === undefined) throw new NotFoundError('private key', this.id.text, 'only local users sign.');
    return key.sign(data);
  }

  /**
   * Decrypts as this user with the first private key whose result `read` can use.
   * @throws {DecryptError} when none gives a usable one
   */
  async decrypt<T>(
    ciphertext: Uint8Array,
    read: (plaintext: Uint8Array, key: PrivateKey) => T | undefined,
  ): Promise<T> {
    return decryptUsable(await this.source.loadDecryptKeys(this.id), ciphertext, read);
  }
}

/** A program that answers, such as the assistant of a group. */
export class Robot extends User {}

/** A server that carries messages. */
export class Station extends User {
  /** Where to connect: from its profile, else `0.0.0.0` and 9394. */
  async location(): Promise<{ readonly host: string; readonly port: number }> {
    const properties = (await this.profile())?.properties ?? {};
    const host = properties['host'];
    const port = Number(properties['port']);
    return {
      host: typeof host === 'string' && host !== '' ? host : '0.0.0.0',
      port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : 9394,
    };
  }
}
