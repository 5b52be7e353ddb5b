import { join } from 'node:path';
import { defaultProtocol } from '@dimp/sdk';
import { openFolder } from '@dimp/store/folder';
import { SyncedDatabase } from '@dimp/store/synced';
import { openUserDirectory } from '../level-user-directory.js';
import type { UserDirectory } from '../user-directory.js';
import { requireStation } from './data-folder.js';

/**
 * Works on the folder of a station that does not run, and keeps it from being started meanwhile.
 * @throws {StoreError} `ERR_STORE_LOCKED` it runs, with the process that has it
 */
export async function withStopped<T>(data: string, work: () => Promise<T>): Promise<T> {
  requireStation(data);
  // the lock of the account is that of the whole folder; nothing in it is opened, so no passphrase is asked for
  const lock = new SyncedDatabase(await openFolder(join(data, 'account')));
  try {
    return await work();
  } finally {
    await lock.close();
  }
}

/** Works on the users of a station that does not run. */
export function withStoppedUsers<T>(data: string, work: (users: UserDirectory) => Promise<T>): Promise<T> {
  return withStopped(data, async () => {
    const opened = await openFolder(join(data, 'users'));
    const users = await openUserDirectory(opened, { protocol: defaultProtocol() });
    try {
      return await work(users);
    } finally {
      await users.close();
    }
  });
}
