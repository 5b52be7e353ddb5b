import { NewerSchemaError } from './errors.js';
import { type StoreHeader, saveHeader } from './header.js';
import type { Ledger } from './ledger.js';
import type { RecordKeys } from './record-key.js';
import type { Records } from './records.js';
import { schemaNumber } from './schema-number.js';

/**
 * The way from one schema to the next.
 *
 * It goes in steps, so that a large store need not fit into memory. Each step's changes go to disk in one batch
 * together with the mark of how far it is; a store that was killed in the middle goes on from there.
 */
export interface Migration {
  /** The schema that it leads to, from the one before. */
  readonly to: number;
  /**
   * Does one step.
   * @param cursor what the step before gave back; undefined at the beginning
   * @returns where the next step begins; undefined when this was the last
   */
  step(records: Records, keys: RecordKeys, cursor: string | undefined): Promise<string | undefined>;
}

/** Which schema is written, and the ways to it from older ones. */
export interface Schema {
  readonly number: number;
  readonly migrations: readonly Migration[];
}

/** What this version writes. Schema 1 is the first. */
export const currentSchema: Schema = { number: schemaNumber, migrations: [] };

/** Refuses a store of a later version, also one that such a version began to migrate. @throws {NewerSchemaError} */
export function checkSchema({ schema, migration }: StoreHeader, known: Schema): void {
  const found = Math.max(schema, migration?.to ?? 0);
  if (found > known.number) throw new NewerSchemaError(found, known.number);
}

/** Brings a store to the schema that is written now. Resolves with its header. */
export async function migrate(
  header: StoreHeader,
  known: Schema,
  ledger: Ledger,
  keys: RecordKeys,
): Promise<StoreHeader> {
  let current = header;
  while (current.schema < known.number) {
    const to = current.schema + 1;
    const migration = known.migrations.find(one => one.to === to);
    if (migration === undefined) throw new RangeError(`expected a migration to schema ${to}`);
    const { dataKey } = current;
    const begun = current;
    current = await ledger.changePlain(async records => {
      const cursor = await migration.step(records, keys, begun.migration?.cursor);
      const next: StoreHeader =
        cursor === undefined
          ? { schema: to, dataKey }
          : { schema: begun.schema, migration: { to, cursor }, dataKey };
      saveHeader(records, next);
      return next;
    });
  }
  return current;
}
