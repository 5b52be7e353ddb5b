import { bytesEncoding, type Database } from '../database.js';
import { readPage } from './remote-iterator.js';
import type { DatabaseRequest } from './tab-message.js';

/** Does what is asked of a database that is here. */
export async function answer(database: Database, request: DatabaseRequest): Promise<unknown> {
  switch (request.kind) {
    case 'get':
      return database.get(request.key, bytesEncoding);
    case 'page':
      return readPage(database.iterator({ ...request.range, ...bytesEncoding }), request.size);
    case 'batch':
      return database.batch([...request.operations], { ...bytesEncoding, sync: true });
  }
}
