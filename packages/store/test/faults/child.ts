// A program that works on a store until it is killed. Its argument says what to do; each line that it prints is a
// promise: what it says was done must be there afterwards.
import { writeSync } from 'node:fs';
import { openStoreAs } from '../../src/open-store.js';
import { currentSchema } from '../../src/schema.js';
import { addNote, cost, schemaAhead } from './notes.js';

/** What a child is told to do. */
export interface Job {
  readonly location: string;
  readonly passphrase?: string;
  readonly work: 'write' | 'migrate' | 'passphrase';
  /** In front of the name of each note, or of each new passphrase. */
  readonly prefix: string;
  /** Notes that are written side by side. */
  readonly burst: number;
}

const job = JSON.parse(process.argv[2] as string) as Job;
const { location, passphrase, work, prefix, burst } = job;

/** Written through at once, so that what was said was said even if the next moment is the last. */
function say(...words: readonly string[]): void {
  writeSync(1, `${words.join(' ')}\n`);
}

say('opening');
const store = await openStoreAs(
  { location, cost, ...(passphrase !== undefined && { passphrase }) },
  work === 'migrate' ? schemaAhead : currentSchema,
);
say('opened');
for (let number = 0; work !== 'migrate'; number++) {
  if (work === 'passphrase') {
    say('changing', `${prefix}${number}`);
    await store.changePassphrase(`${prefix}${number}`, { cost });
    say('changed', `${prefix}${number}`);
  } else {
    const notes = Array.from({ length: burst }, (_, index) => `${prefix}${number * burst + index}`);
    await Promise.all(
      notes.map(async note => {
        await addNote(store, note);
        say('added', note);
      }),
    );
  }
}
// a migration that was faster than its end
await store.close();
