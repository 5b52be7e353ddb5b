/** What a command ends with. */
export const ExitStatus = {
  success: 0,
  failure: 1,
  /** The command line, the environment or the file of options is not understood. */
  usage: 2,
} as const;
/** @see ExitStatus */
export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];

/** Something that an operator can put right. The text says how, and is all that he sees. */
export class CliError extends Error {
  readonly status: ExitStatus;

  constructor(message: string, status: ExitStatus = ExitStatus.failure, options: ErrorOptions = {}) {
    super(message, options);
    this.status = status;
  }
}

/** What was written or set cannot be understood. */
export function usageError(message: string, options: ErrorOptions = {}): CliError {
  return new CliError(message, ExitStatus.usage, options);
}
