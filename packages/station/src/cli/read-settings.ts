import { readFileSync } from 'node:fs';
import { DimpError, type JsonObject, type JsonValue, parseJsonObject } from '@dimp/crypto';
import { usageError } from './cli-error.js';
import { describeValue } from './setting-kinds.js';
import { flagOf, type SettingName, type Settings, settingNames, settings, variableOf } from './settings.js';

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where settings come from beside the defaults. */
export interface SettingSources {
  /** Values of flags, by the names of settings; others in it are not looked at. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Environment;
  /** A file with one JSON object. */
  readonly file?: string | undefined;
}

/**
 * Settings of the flags, else of the environment, else of the file.
 * @throws {CliError} status 2: what is wrong, and where
 */
export function readSettings({ flags, env, file }: SettingSources): Settings {
  const config = file === undefined ? {} : readConfig(file);
  const found = settingNames.flatMap(name => {
    const value =
      readOne(name, flags[name] as JsonValue | undefined, flagOf(name)) ??
      readOne(name, emptyIsAbsent(env[variableOf(name)]), variableOf(name)) ??
      readOne(name, config[name], `"${name}" in ${file}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

function readOne(
  name: SettingName,
  value: JsonValue | undefined,
  place: string,
): NonNullable<Settings[SettingName]> | undefined {
  if (value === undefined) return undefined;
  const { kind } = settings[name];
  const read = kind.read(value);
  if (read === undefined) {
    throw usageError(`${place}: expected ${kind.expected}, got ${describeValue(value)}.`);
  }
  return read;
}

function readConfig(file: string): JsonObject {
  let config: JsonObject;
  try {
    config = parseJsonObject(readFileSync(file), file);
  } catch (cause) {
    if (cause instanceof DimpError) throw usageError(`${cause.message}.`, { cause });
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw usageError(`The file of options, ${file}, cannot be read (${code}).`, { cause });
  }
  for (const name of Object.keys(config)) {
    if (Object.hasOwn(settings, name)) continue;
    const meant = settingNames.find(known => known.toLowerCase() === name.toLowerCase().replaceAll('-', ''));
    const hint = meant === undefined ? 'dims start --help lists all options.' : `Did you mean "${meant}"?`;
    throw usageError(`"${name}" in ${file} is no option. ${hint}`);
  }
  return config;
}

/** As shells and container files set variables that are to have no value. */
function emptyIsAbsent(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
