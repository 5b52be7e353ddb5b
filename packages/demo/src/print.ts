import { styleText } from 'node:util';
import type { Protection } from '@dimp/core';
import { isJsonObject, type JsonObject, type JsonValue } from '@dimp/crypto';
import type { Output } from './progress.js';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'cyan' | 'yellow';

/** Writes for people. */
export interface Printer {
  title(text: string): void;
  /** The beginning of a numbered part. */
  heading(number: number, text: string): void;
  /** Something that happened as it should, or did not. */
  check(ok: boolean, text: string): void;
  /** A name and what belongs to it, below a check. */
  row(label: string, value: string): void;
  /** What somebody says. */
  say(who: string, text: string): void;
  note(text: string): void;
  /** An object of the wire, with long texts cut. */
  object(json: JsonObject): void;
  blank(): void;
}

/**
 * Whether to use colour: NO_COLOR says no, FORCE_COLOR says yes (or no with 0 or false), else a terminal that is
 * not "dumb" has it.
 */
export function usesColor(output: Output, env: Readonly<Record<string, string | undefined>>): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return output.isTTY === true && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

export function createPrinter(output: Output, color: boolean): Printer {
  // the decision was made by usesColor; newer Nodes would ask the stream again
  const paint = (style: Style, text: string): string =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const line = (text: string): void => {
    output.write(`${text}\n`);
  };
  return {
    title: text => line(paint('bold', text)),
    heading(number, text) {
      line('');
      line(paint('bold', paint('cyan', `${number}  ${text}`)));
    },
    check: (ok, text) => line(`   ${ok ? paint('green', '✓') : paint('red', '✗')} ${text}`),
    row: (label, value) => line(`     ${paint('dim', label.padEnd(16))}${value}`),
    say: (who, text) => line(`   ${paint('yellow', `${who}:`.padEnd(8))} ${text}`),
    note: text => line(`     ${paint('dim', text)}`),
    object(json) {
      for (const [name, value] of Object.entries(json)) {
        line(`       ${paint('dim', name.padEnd(10))} ${JSON.stringify(shorten(value))}`);
      }
    },
    blank: () => line(''),
  };
}

/** Letters: one's own sentences stay whole, keys and ciphertexts do not. */
const longest = 64;
const shown = 40;

/** The value with every text cut that is too long for a line. */
export function shorten(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    return value.length <= longest ? value : `${value.slice(0, shown)}… (${value.length} letters)`;
  }
  if (Array.isArray(value)) return value.map(shorten);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shorten(member)]));
}

/** What protects a message, in one line. */
export function describeProtection({ signature, encryption, bound, generation }: Protection): string {
  const parts = [`signed with ${signature.algorithm} ${signature.bits}`];
  if (encryption !== undefined) {
    const { algorithm, bits, wrap, reused } = encryption;
    const by = wrap === undefined ? 'known already' : `by ${wrap.algorithm} ${wrap.bits}`;
    parts.push(`${reused ? 'used' : 'fresh'} ${algorithm} ${bits} key, ${by}`);
  }
  parts.push(bound ? 'bound to its envelope' : 'not bound to its envelope', `generation ${generation}`);
  return parts.join('; ');
}
