import { consumers } from '../consumers/list.mjs';
import { runConsumers } from '../consumers/run.mjs';
import { listUses } from '../consumers/uses.mjs';

export const title = 'consumers (packed, installed elsewhere, used; the quick part of npm run consumers)';

/**
 * The packages as strangers meet them, see src/consumers. Browsers, other bundlers and other versions of Node take
 * minutes and are left to `npm run consumers`.
 */
export async function check() {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const report = () => undefined;
    return await runConsumers({ consumers, uses: listUses(true), signal: controller.signal, report });
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    // the folders are gone; nothing else of `verify` has to end in order
    return process.exit(130);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
