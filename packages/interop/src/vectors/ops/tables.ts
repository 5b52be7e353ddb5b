import { findMessageKey, MemoryKeyStore, parseKeyTable, saveKeyTable } from '@dimp/core';
import { exportKey, isJsonObject, type JsonObject, type JsonValue } from '@dimp/crypto';
import { isGroupNetwork, isUserNetwork, parseID } from '@dimp/mkm';
import { AddressNameService, MemoryArchive, reservedNames } from '@dimp/sdk';
import { VectorFormError } from '../case.js';
import type { CaseContext, Operation } from '../operation.js';

/** Numbers, names and keys that are looked up. */
export const tableOperations: readonly Operation[] = [
  {
    code: 'network-table',
    run() {
      const all = Array.from({ length: 256 }, (_, network) => network);
      return {
        user: all.filter(network => isUserNetwork(network)),
        group: all.filter(network => isGroupNetwork(network)),
      };
    },
  },
  {
    // a version tells it by its lowest bit, of kinds that nobody has built too
    code: 'meta-version-table',
    run(_input, { expected }) {
      const versions = isJsonObject(expected['has_seed']) ? Object.keys(expected['has_seed']) : [];
      const table = versions.map(version => [version, (Number(version) & 1) === 1]);
      return { has_seed: Object.fromEntries(table) as JsonObject };
    },
  },
  {
    code: 'ans-builtin',
    async run() {
      const records = await new AddressNameService(new MemoryArchive()).records();
      return {
        records: Object.fromEntries([...records].map(([name, id]) => [name, id.text])),
        reserved: [...reservedNames].sort(),
      };
    },
    comparable: result => ({ ...result, reserved: sorted(result['reserved']) }),
  },
  {
    code: 'ans-sequence',
    async run(input, context) {
      const service = new AddressNameService(new MemoryArchive());
      const results: JsonValue[] = [];
      for (const step of input.optionalList('steps') ?? [])
        results.push(await takeStep(service, step, context));
      return { results };
    },
  },
  {
    code: 'key-table',
    async run(input, { protocol }) {
      const keyStore = new MemoryKeyStore();
      await saveKeyTable(parseKeyTable(input.value('table'), protocol), keyStore, 0);
      const keys: JsonValue[] = [];
      for (const pair of input.optionalList('lookups') ?? []) {
        const [sender, receiver] = Array.isArray(pair) ? pair : [];
        const key = await findMessageKey(keyStore, parseID(sender, protocol), parseID(receiver, protocol));
        keys.push(key === undefined ? null : exportKey(key));
      }
      return { keys };
    },
  },
];

async function takeStep(
  service: AddressNameService,
  step: JsonValue,
  { protocol }: CaseContext,
): Promise<JsonValue> {
  const [what, first, second] = (Array.isArray(step) ? step : []) as readonly JsonValue[];
  if (typeof first !== 'string') throw new VectorFormError('expected steps such as ["find", "hero"]');
  if (what === 'find') return (await service.find(first))?.text ?? null;
  if (what === 'names') return [...(await service.names(parseID(first, protocol)))];
  if (what === 'save' && second !== null) return service.save(first, parseID(second, protocol));
  if (what === 'save') return service.remove(first);
  throw new VectorFormError(`no step ${JSON.stringify(what)}`);
}

function sorted(list: JsonValue | undefined): JsonValue {
  return Array.isArray(list) ? [...list].sort() : (list ?? null);
}
