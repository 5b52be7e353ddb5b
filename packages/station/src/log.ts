import { createHmac, createSecretKey } from 'node:crypto';
import { type RandomBytes, randomBytes } from '@dimp/crypto';
import type { ID } from '@dimp/mkm';
import { type DestinationStream, destination, type LogFn, type Logger, pino } from 'pino';

/** How a station logs. */
export interface LogOptions {
  /** `'info'` when absent. */
  readonly level?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  /** Whether IDs are written as they are. What messages hold never is. */
  readonly logIDs?: boolean;
  /** Where lines go; standard error when absent. */
  readonly to?: DestinationStream;
  readonly randomBytes?: RandomBytes;
}

/** Structured lines of JSON, and what users are called in them. */
export interface StationLog {
  readonly logger: Logger;
  /** The ID, or else 12 hex digits that mean him for this run only. */
  nameOf(id: ID): string;
}

/** Sets the log up. */
export function createLog(options: LogOptions = {}): StationLog {
  const { level = 'info', logIDs = false, to } = options;
  // nobody who holds the log can try IDs against the names in it
  const salt = createSecretKey((options.randomBytes ?? randomBytes)(32));
  const logger = pino(
    {
      name: 'dims',
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { logMethod },
      serializers: { err: (error: unknown) => describeError(error, logIDs) },
    },
    to ?? destination({ dest: 2, sync: true }),
  );
  const nameOf = (id: ID): string =>
    logIDs ? id.text : createHmac('sha256', salt).update(id.key).digest('hex').slice(0, 12);
  return { logger, nameOf };
}

/** A line without text of its own would get that of its error, which the serializer keeps out of it. */
function logMethod(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, text] = args as [unknown, string?];
  const isBare = typeof first === 'object' && text === undefined;
  method.apply(this, isBare ? [first, 'no text'] : args);
}

/** What is said of an error under `err`. Its text may name users, or a path that does. */
interface ErrorLine {
  readonly type: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: ErrorLine;
}

function describeError(error: unknown, isOpen: boolean, depth = 0): ErrorLine {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, cause } = error as NodeJS.ErrnoException;
  // where it happened, without the text that stands above
  const stack = error.stack?.split('\n').filter(line => /^ {4}at /.test(line));
  return {
    type: error.name,
    ...(typeof code === 'string' && { code }),
    ...(isOpen && { message: error.message }),
    ...(stack !== undefined && { stack: stack.join('\n') }),
    ...(cause !== undefined && depth < 4 && { cause: describeError(cause, isOpen, depth + 1) }),
  };
}
