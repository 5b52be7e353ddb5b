/**
 * A value while it is being made; afterwards nobody writes to it. Members that may be absent are set one by
 * one where many messages pass: spreading a dozen small objects into one costs more than what is in them.
 */
export type Draft<T> = { -readonly [Name in keyof T]: T[Name] };
