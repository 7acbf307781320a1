/** Exit codes of every command: 0 all passed, 1 something failed, 2 wrong use, 3 the environment or we failed, 130 interrupted. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, environment: 3, interrupted: 130 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const brand = Symbol.for('mongo-course.UserError');

export interface UserErrorOptions {
  /** What the person can do about it, one sentence. */
  wayOut?: string;
  /** Defaults to 2, wrong use; 3 where the environment is at fault. */
  exitCode?: ExitCode;
  cause?: unknown;
}

/** An error that a person using the program can cause and mend: printed as one clear sentence, never with a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly wayOut: string | undefined;
  readonly exitCode: ExitCode;
  readonly [brand] = true;

  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.wayOut = options.wayOut;
    this.exitCode = options.exitCode ?? exitCodes.usage;
  }
}

/** True for a UserError of any copy of this module. */
export function isUserError(error: unknown): error is UserError {
  return typeof error === 'object' && error !== null && brand in error;
}
