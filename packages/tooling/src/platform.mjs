// What is different on Windows.

/** Programs that are `.cmd` files on Windows, which Node starts through a shell only. */
const commands = ['npm', 'npx', 'pnpm'];

/**
 * What to hand to `spawn` so that a program starts on this machine. Programs that are JavaScript are started with
 * `process.execPath` and are no business of this; what lies in `node_modules/.bin` is none that Windows can start.
 *
 * @param {string} command
 * @param {readonly string[]} args without double quotes and per cent signs, which a shell of Windows would read
 * @param {NodeJS.Platform} [platform]
 * @returns {{ readonly command: string, readonly args: readonly string[], readonly shell: boolean }}
 */
export function startable(command, args, platform = process.platform) {
  if (platform !== 'win32' || !commands.includes(command)) return { command, args, shell: false };
  // one text, as Node joins arguments for a shell without quoting them
  return { command: [command, ...args.map(quote)].join(' '), args: [], shell: true };
}

/** @param {string} arg */
function quote(arg) {
  return /^[\w./:\\@=-]+$/.test(arg) ? arg : `"${arg}"`;
}

/**
 * A path as it is shown and compared: with slashes, on Windows too.
 *
 * @param {string} path
 */
export function withSlashes(path) {
  return path.replaceAll('\\', '/');
}
