import type { AsymmetricAlgorithm, SymmetricAlgorithm } from '../algorithm.js';
import { equalBytes } from '../bytes.js';
import type { JsonObject, JsonValue } from '../json.js';
import { exportKey, type PrivateKey, type SymmetricKey } from '../keys.js';
import { createRegistry } from '../registry.js';
import { attempt, check, checkRefused, once, type TestRunner } from './runner.js';

/** A key object that must be read, or must not. */
export interface KeyVector {
  readonly name: string;
  readonly kind: 'public' | 'private' | 'symmetric';
  readonly key: JsonObject;
  readonly accepted: boolean;
  /** Key data of the public key, or of the public half of a private one. */
  readonly material?: Uint8Array;
}

export interface KeyFormatConformance {
  readonly algorithm: AsymmetricAlgorithm | SymmetricAlgorithm;
  readonly vectors?: readonly KeyVector[];
}

/** How keys of every algorithm are read, written and kept secret. What only an exported key shows is skipped where keys stay in their place. */
export function keyFormatConformance(runner: TestRunner, options: KeyFormatConformance): void {
  const { algorithm, vectors = [] } = options;
  const key = once(async (): Promise<PrivateKey | SymmetricKey> => {
    return 'parseKey' in algorithm ? algorithm.generateKey() : algorithm.generatePrivateKey();
  });
  const parse = (json: JsonObject): PrivateKey | SymmetricKey =>
    'parseKey' in algorithm ? algorithm.parseKey(json) : algorithm.parsePrivateKey(json);

  runner.describe(`key objects of ${algorithm.code}`, () => {
    runner.it('is found by its code and every alias', async () => {
      const registry = createRegistry('algorithm', [algorithm]);
      for (const code of [algorithm.code, ...(algorithm.aliases ?? [])]) {
        check(registry.find(code) === algorithm, `${code}: expected the algorithm`);
      }
      check((await key()).algorithm === algorithm.code, 'a key names its algorithm by the code');
    });

    exported('reads a key under every alias and keeps what it does not know', async json => {
      for (const name of [algorithm.code, ...(algorithm.aliases ?? [])]) {
        const given: JsonObject = {
          ...json,
          algorithm: name,
          note: { from: 'another version', list: [1, null] },
        };
        const parsed = parse(given);
        check(parsed.algorithm === algorithm.code, `${name}: expected a key of ${algorithm.code}`);
        if (parsed.bits > 0)
          check(same(exportKey(parsed), given), `${name}: expected the key object as it came`);
      }
    });

    exported('shows no secret', async (json, fresh) => {
      const shown = [JSON.stringify(fresh), JSON.stringify(Object.entries(fresh)), String(fresh)].join();
      const open = 'publicKey' in fresh ? texts(fresh.publicKey.json) : [];
      const hidden = texts(json).filter(text => text.length >= 16 && !open.includes(text));
      check(fresh.bits === 0 || hidden.length > 0, 'an exported key must hold its secret');
      for (const text of hidden) {
        check(!shown.includes(JSON.stringify(text).slice(1, -1)), 'JSON.stringify must not show the secret');
      }
    });

    runner.it('refuses malformed key objects', async () => {
      if ((await key()).bits === 0) return;
      const name = algorithm.code;
      const bad: JsonObject[] = [
        { algorithm: name },
        { algorithm: name, data: null },
        { algorithm: name, data: '' },
      ];
      for (const data of [1, true, [], {}, '*', '\ud800', 'A'.repeat(1_000_000)])
        bad.push({ algorithm: name, data });
      for (const json of bad) {
        const what = `data ${String(JSON.stringify(json['data'])).slice(0, 20)}`;
        await checkRefused(() => parse(json), refusals, what);
        if ('parsePublicKey' in algorithm)
          await checkRefused(() => algorithm.parsePublicKey(json), refusals, what);
      }
    });

    if ('parsePublicKey' in algorithm) publicKeys(algorithm);
    for (const vector of vectors) runner.it(`vector: ${vector.name}`, () => checkVector(algorithm, vector));
  });

  function publicKeys(pairs: AsymmetricAlgorithm): void {
    runner.it('derives a public key that reads back as the same', async () => {
      const { publicKey } = (await key()) as PrivateKey;
      const again = pairs.parsePublicKey({ ...publicKey.json, note: [1] });
      check(equalBytes(again.material, publicKey.material), 'expected the same key data');
      check(same(again.json, { ...publicKey.json, note: [1] }), 'expected the key object as it came');
      check(
        publicKey.bits === again.bits && publicKey.bits === (await key()).bits,
        'expected the same strength',
      );
    });

    exported('reads an exported private key as the same key', async (json, fresh) => {
      const { publicKey } = parse(json) as PrivateKey;
      check(
        equalBytes(publicKey.material, (fresh as PrivateKey).publicKey.material),
        'expected the same key data',
      );
      const outcome = await attempt(() => pairs.parsePublicKey(json));
      check(outcome.kind === 'error', 'a private key must not be read as a public one');
    });
  }

  function exported(
    name: string,
    body: (json: JsonObject, key: PrivateKey | SymmetricKey) => Promise<void>,
  ): void {
    runner.it(name, async () => {
      const fresh = await key();
      const json = await attempt(() => exportKey(fresh));
      if (json.kind === 'result') await body(json.result, fresh);
      else
        check(
          json.code === 'ERR_UNSUPPORTED',
          `export: expected a key object or ERR_UNSUPPORTED, got ${json.code}`,
        );
    });
  }
}

const refusals = ['ERR_KEY_FORMAT', 'ERR_PARSE', 'ERR_LIMIT'];

async function checkVector(
  algorithm: AsymmetricAlgorithm | SymmetricAlgorithm,
  vector: KeyVector,
): Promise<void> {
  const read = (): Uint8Array | undefined => {
    if ('parseKey' in algorithm) return void algorithm.parseKey(vector.key);
    if (vector.kind === 'public') return algorithm.parsePublicKey(vector.key).material;
    return algorithm.parsePrivateKey(vector.key).publicKey.material;
  };
  if (!vector.accepted) return checkRefused(read, refusals, vector.name);
  const material = read();
  if (vector.material === undefined) return;
  check(material !== undefined && equalBytes(material, vector.material), 'expected other key data');
}

/** Every text in a value, at any depth. */
function texts(value: JsonValue): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

/** Whether two values say the same; the order of members does not count. */
function same(a: JsonValue, b: JsonValue): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  if (left.size !== right.size || Array.isArray(a) !== Array.isArray(b)) return false;
  return [...left].every(([name, value]) => right.has(name) && same(value, right.get(name) as JsonValue));
}
