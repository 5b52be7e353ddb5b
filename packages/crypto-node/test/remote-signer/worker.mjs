// The device: a thread that makes keys and signs with them. Nothing in it sends a private key.
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** @typedef {import('node:crypto').KeyObject} KeyObject */

/** @type {Map<string, KeyObject>} */
const keys = new Map();

/** @type {Record<string, (request: any) => object>} */
const operations = {
  generate() {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const handle = `key ${keys.size + 1}`;
    keys.set(handle, privateKey);
    const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    return { handle, point: Uint8Array.from(der.subarray(-65)) };
  },
  sign({ handle, data }) {
    const key = keys.get(handle);
    if (key === undefined) throw new Error(`no ${handle}`);
    return { signature: Uint8Array.from(sign('sha256', data, key)) };
  },
};

parentPort?.on('message', request => {
  const operation = operations[request.operation];
  try {
    parentPort?.postMessage({ id: request.id, ...operation?.(request) });
  } catch (error) {
    parentPort?.postMessage({ id: request.id, problem: String(error) });
  }
});
