declare class VerifiedMark {
  private readonly verified: true;
}

/**
 * A value that has passed its check: only functions such as `verifyMeta` make it.
 *
 * The mark exists for the compiler alone. It is a class with a private member because a spread copy loses
 * that, and a changed copy has not been checked.
 */
export type Verified<T> = T & VerifiedMark;

/** Marks a value as checked without checking it. To be called by the function that did the check, and by nobody else. */
export function unsafeMarkVerified<T>(value: T): Verified<T> {
  return value as Verified<T>;
}
