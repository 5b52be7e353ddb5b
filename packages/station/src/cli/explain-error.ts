import { describeJson } from '@dimp/crypto';
import { CliError, ExitStatus } from './cli-error.js';

/** What an operator reads of an error, and what the command ends with. */
export interface Explained {
  readonly message: string;
  readonly status: ExitStatus;
}

/** Undefined for a fault of the program, of which everything is worth reading. */
export function explainError(error: unknown): Explained | undefined {
  if (error instanceof CliError) return { message: error.message, status: error.status };
  if (!(error instanceof Error)) return { message: describeJson(error), status: ExitStatus.failure };
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return undefined;
  const own = systemErrors[code]?.(error) ?? explainPath(error);
  if (own !== undefined) return { message: own, status: ExitStatus.failure };
  if (code === 'ERR_USAGE') return undefined;
  const isKnown = code.startsWith('ERR_STATION_') || code.startsWith('ERR_STORE_') || code === 'ERR_PARSE';
  if (!isKnown && !isSystemError(error)) return undefined;
  return { message: `${forOperators(message)}${causeOf(error)}`, status: ExitStatus.failure };
}

interface SystemError extends NodeJS.ErrnoException {
  readonly address?: string;
  readonly port?: number;
}

const systemErrors: Readonly<Record<string, (error: SystemError) => string | undefined>> = {
  EADDRINUSE: ({ address, port }) =>
    `Port ${port} of ${address} is taken; stop what listens there, or choose another with --port.`,
  EADDRNOTAVAIL: ({ address }) => `${address} is no address of this machine; choose another with --host.`,
  ENOTFOUND: ({ message }) => `${message}; is the name after --host right?`,
  EACCES: ({ port, message }) =>
    port === undefined || port < 0 ? message : `Port ${port} is for privileged users; choose one above 1023.`,
  ERR_STATION_LISTEN: ({ cause }) => explainError(cause)?.message,
  ERR_STORE_PASSPHRASE_NEEDED: () =>
    'The account is sealed; name the file of its passphrase: --passphrase-file.',
  ERR_STORE_PASSPHRASE: () => 'The passphrase does not fit the account; see --passphrase-file.',
  ERR_STORE_UNPROTECTED: () => 'The account is not sealed; leave --passphrase-file out.',
};

/** What the system says of a file or folder, wherever in the causes. */
function explainPath(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', path } = error as NodeJS.ErrnoException;
  if (path === undefined) return explainPath(error.cause);
  // what is written first goes by another name
  return pathErrors[code]?.(path.replace(/\.partial$/, ''));
}

const pathErrors: Readonly<Record<string, (path: string) => string>> = {
  EACCES: notAllowed,
  EPERM: notAllowed,
  EEXIST: path => `${path} is a file, where a folder is needed.`,
  EROFS: path => `${path} cannot be written: its disk is for reading only; choose another place.`,
  ENOTDIR: path => `${path} cannot be there: a part of it is a file, where a folder is needed.`,
  ENOENT: path => `${path} cannot be opened: it, or its folder, is not there.`,
  ENOSPC: path => `${path} cannot be written: the disk is full.`,
};

function notAllowed(path: string): string {
  return `You may not use ${path}; call dims as the owner of the folder, or choose another with --data.`;
}

/** Advice for programs becomes advice for operators. */
function forOperators(message: string): string {
  const text = message.replace(/(?:; see| and) repairStore\(\)/, '');
  return text === message ? message : `${text} Of a backup "dims restore" makes a new folder.`;
}

function isSystemError(error: Error): boolean {
  return typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

/** What lies at the bottom, where the text points to it. */
function causeOf({ message, cause }: Error): string {
  if (!(cause instanceof Error) || !message.includes('cause')) return '';
  return ` (${cause.message}${causeOf(cause)})`;
}
