import { availableParallelism } from 'node:os';

/**
 * Runs tasks, as many at once as there are processors.
 *
 * @template T
 * @param {Iterable<T>} items
 * @param {(item: T) => Promise<unknown>} task
 */
export async function forEach(items, task) {
  // one iterator that all workers take from
  const rest = [...items].values();
  const workers = Array.from({ length: availableParallelism() }, async () => {
    for (const item of rest) await task(item);
  });
  const ended = await Promise.allSettled(workers);
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}
