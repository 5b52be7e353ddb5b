import { isIP } from 'node:net';
import type { Protocol } from '@dimp/core';
import { DimpError, describeJson, type JsonValue } from '@dimp/crypto';
import { parseID } from '@dimp/mkm';
import { defaultProtocol } from '@dimp/sdk';
import { isStationName, maxStationName } from '../station-account.js';

/** How a setting is read, from text of the command line or environment, or from JSON. */
export interface SettingKind<T> {
  /** What stands behind the flag in the help; undefined for one that is on or off. */
  readonly placeholder?: string;
  /** What is expected, for errors. */
  readonly expected: string;
  /** Undefined when it is something else. */
  read(value: JsonValue): T | undefined;
}

export function text(placeholder: string): SettingKind<string> {
  return {
    placeholder,
    expected: 'text',
    read: value => (typeof value === 'string' && value !== '' ? value : undefined),
  };
}

export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): SettingKind<number> {
  const upTo = most === Number.MAX_SAFE_INTEGER ? 'up' : `to ${most}`;
  return {
    placeholder: '<number>',
    expected: `a whole number from ${least} ${upTo}`,
    read(value) {
      const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
      const fits =
        typeof number === 'number' && Number.isSafeInteger(number) && number >= least && number <= most;
      return fits ? number : undefined;
    },
  };
}

export function choice<T extends string>(...words: readonly T[]): SettingKind<T> {
  return {
    placeholder: '<word>',
    expected: `one of ${words.join(', ')}`,
    read: value => words.find(word => word === value),
  };
}

/** On or off. */
export const yesNo: SettingKind<boolean> = {
  expected: 'true or false',
  read(value) {
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === '1') return true;
    return value === 'false' || value === '0' ? false : undefined;
  },
};

/** The name in the ID of a new station. */
export const stationName: SettingKind<string> = {
  placeholder: '<name>',
  expected: `1 to ${maxStationName} letters without "@", "/" and blanks`,
  read: value => (typeof value === 'string' && isStationName(value) ? value : undefined),
};

/** IDs: a list in JSON, else with commas between. */
export const ids: SettingKind<readonly string[]> = {
  placeholder: '<ids>',
  expected: 'IDs, with commas between or as a list',
  read(value) {
    const list = typeof value === 'string' ? value.split(',').map(part => part.trim()) : value;
    if (!Array.isArray(list)) return undefined;
    const protocol = defaultProtocol();
    return list.every((item): item is string => isID(item, protocol)) ? list : undefined;
  },
};

function isID(value: JsonValue, protocol: Protocol): boolean {
  try {
    parseID(value, protocol);
    return true;
  } catch (error) {
    if (!(error instanceof DimpError)) throw error;
    return false;
  }
}

/** A name or an address of a machine. */
export const hostName: SettingKind<string> = {
  placeholder: '<host>',
  expected: 'an address or a name of this machine, without port',
  read: value =>
    typeof value === 'string' && (isIP(value) !== 0 || /^[\w.-]{1,253}$/.test(value)) ? value : undefined,
};

/** Where clients come to. */
export const webSocketUrl: SettingKind<string> = {
  placeholder: '<url>',
  expected: 'a URL that begins with ws:// or wss://',
  read: value => (isUrl(value, ['ws:', 'wss:']) ? value : undefined),
};

/** Where files are. */
export const httpUrl: SettingKind<string> = {
  placeholder: '<url>',
  expected: 'a URL that begins with http:// or https://',
  read: value => (isUrl(value, ['http:', 'https:']) ? value : undefined),
};

function isUrl(value: JsonValue, protocols: readonly string[]): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  return protocols.includes(new URL(value).protocol);
}

/** What stands there in place of what is expected: short values themselves. */
export function describeValue(value: JsonValue): string {
  const written = JSON.stringify(value);
  return written.length <= 60 ? written : describeJson(value);
}
