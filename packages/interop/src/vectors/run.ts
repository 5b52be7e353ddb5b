import type { Protocol } from '@dimp/core';
import { DimpError, type JsonObject, JsonReader, type JsonValue, type Registry } from '@dimp/crypto';
import type { Generation } from '@dimp/mkm';
import type { CryptoDriver } from '../call.js';
import { protocolOfGeneration1 } from '../rules.js';
import { type Accounts, parseAccounts } from './accounts.js';
import { type VectorCase, type VectorFile, VectorFormError } from './case.js';
import { compareResult, type Difference, refused } from './compare.js';
import { type CaseContext, DifferenceError, type Operation } from './operation.js';
import { operations1 } from './ops/index.js';

/** What became of a case. */
export interface CaseResult {
  readonly file: string;
  readonly section: string | undefined;
  readonly name: string;
  readonly op: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Why, for people; empty when it passed. */
  readonly message: string;
}

/** How a file is run. */
export interface RunOptions {
  /** Whose algorithms are used; the portable ones when absent. */
  readonly driver?: CryptoDriver;
  /** What can be done in each generation; what is missing is skipped. */
  readonly operations?: { readonly [generation in Generation]?: Registry<Operation> };
}

/** What became of one case. */
export type Verdict = Pick<CaseResult, 'status' | 'message'>;

/**
 * Runs all cases of a file, one after the other.
 * @throws {VectorFormError} the accounts are of another form
 */
export async function runFile(file: VectorFile, options: RunOptions = {}): Promise<readonly CaseResult[]> {
  const run = await createRunner(file, options);
  const results: CaseResult[] = [];
  for (const section of file.sections) {
    for (const one of section.cases) {
      const { name, op } = one;
      results.push({ file: file.path, section: section.name, name, op, ...(await run(one)) });
    }
  }
  return results;
}

/**
 * A function that runs cases by the rules and with the accounts of a file. It never throws: whatever goes wrong
 * in a case is the case's failure.
 * @throws {VectorFormError} the accounts are of another form
 */
export async function createRunner(
  file: Pick<VectorFile, 'generation' | 'accounts'>,
  options: RunOptions = {},
): Promise<(one: VectorCase) => Promise<Verdict>> {
  const operations = (options.operations ?? shippedOperations)[file.generation];
  const protocol = protocolOfGeneration1(options.driver);
  const accounts = operations === undefined ? nobody : await readAccounts(file.accounts, protocol);
  return one => runCase(one, operations?.find(one.op), { protocol, accounts });
}

/** Generation 2 has no operations yet. */
const shippedOperations: NonNullable<RunOptions['operations']> = { 1: operations1 };

const nobody: Accounts = { users: new Map(), groups: new Map() };

async function readAccounts(json: JsonObject, protocol: Protocol): Promise<Accounts> {
  try {
    return await parseAccounts(json, protocol);
  } catch (error) {
    if (error instanceof DimpError) throw new VectorFormError(`accounts: ${error.message}`, { cause: error });
    throw error;
  }
}

async function runCase(
  { input, expected, op }: VectorCase,
  operation: Operation | undefined,
  { protocol, accounts }: Pick<CaseContext, 'protocol' | 'accounts'>,
): Promise<Verdict> {
  if (operation === undefined) {
    return { status: 'skipped', message: `no operation ${JSON.stringify(op)} here` };
  }
  try {
    const context: CaseContext = { protocol, accounts, input, expected };
    const result = await perform(operation, context);
    const difference = compareResult(
      comparable(result, operation, context),
      comparable(expected, operation, context),
    );
    return difference === undefined
      ? { status: 'passed', message: '' }
      : failed(describeDifference(difference));
  } catch (error) {
    return failed(describeError(error));
  }
}

async function perform(operation: Operation, context: CaseContext): Promise<JsonObject> {
  try {
    return await operation.run(new JsonReader(context.input, 'in'), context);
  } catch (error) {
    if (isRefusal(error)) return { ...refused, why: `${error.name}: ${error.message}` };
    throw error;
  }
}

function comparable(result: JsonObject, operation: Operation, context: CaseContext): JsonObject {
  if (result['refused'] === true && Object.keys(result).every(name => name === 'refused' || name === 'why'))
    return result;
  return operation.comparable?.(result, context) ?? result;
}

/**
 * The library says no by its own errors, and by RangeError to what is outside a function's contract. What nobody
 * foresaw, such as a stack that overflows, is none of these.
 */
function isRefusal(error: unknown): error is Error {
  if (error instanceof DimpError) return error.code !== 'ERR_INTERNAL';
  return error instanceof RangeError && !/call stack/.test(error.message);
}

function describeDifference({ path, expected, actual }: Difference): string {
  return `${path}: expected ${show(expected)}, actual ${show(actual)}`;
}

function describeError(error: unknown): string {
  if (error instanceof DifferenceError) return describeDifference(error.difference);
  if (error instanceof VectorFormError) return `case: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : 'something unforeseen went wrong';
}

function failed(message: string): Verdict {
  return { status: 'failed', message };
}

/** At most 300 characters of a value. */
function show(value: JsonValue): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= maxShown ? text : `${text.slice(0, maxShown)}…`;
}

const maxShown = 300;
