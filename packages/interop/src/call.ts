/** Where the algorithms come from. */
export type CryptoDriver = 'portable' | 'node';

/** A command was called in a way that it does not know. */
export class CallError extends Error {
  override readonly name = 'CallError';
}

/** The driver of a name. @throws {CallError} there is none */
export function parseDriver(name: string): CryptoDriver {
  if (name === 'portable' || name === 'node') return name;
  throw new CallError(`no driver ${JSON.stringify(name)}; there are "portable" and "node"`);
}

/** Whether an error says that a command was called wrongly: one of ours, or what `parseArgs` throws. */
export function isCallError(error: unknown): error is Error {
  if (error instanceof CallError) return true;
  return String((error as { readonly code?: unknown }).code).startsWith('ERR_PARSE_ARGS_');
}
