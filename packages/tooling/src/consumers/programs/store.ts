import { Facebook, registerUser } from '@dimp/sdk';
import { openStore } from '@dimp/store';
import type { Input } from './input.js';

const passphrase = 'correct horse battery staple';

/** Keeps an account under a passphrase, and finds it again with that one and no other. */
export async function run({ location }: Input): Promise<unknown> {
  const first = await openStore({ location, passphrase });
  const { protection } = first;
  const alice = await registerUser(new Facebook({ archive: first.archive }), {
    name: 'alice',
    algorithm: 'ECC',
  });
  await first.close();

  const wrongPassphrase = await openStore({ location, passphrase: 'another' }).then(
    () => 'none',
    (error: { readonly code?: string }) => error.code,
  );
  const second = await openStore({ location, passphrase });
  const [user] = await new Facebook({ archive: second.archive }).localUsers();
  await second.close();
  return { protection, again: user?.id.text === alice.id.text, wrongPassphrase };
}
