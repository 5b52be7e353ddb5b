import { createRegistry } from '@dimp/crypto';
import { defaultSymmetric } from '@dimp/crypto/defaults';
import { createText } from '@dimp/dkd';

/** Needs the ciphers among the defaults, and none of the algorithms that stand beside them in the same module. */
export async function run(): Promise<unknown> {
  const key = await createRegistry('symmetric algorithm', defaultSymmetric).get('AES').generateKey();
  return [key.algorithm, createText('Hello').text];
}
