import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** @import { ChildProcess } from 'node:child_process' */
/** @import { IncomingMessage, ServerResponse } from 'node:http' */
/** @import { AddressInfo } from 'node:net' */
/** @import { Children } from './children.mjs' */

/**
 * What a registry tells of a package, as far as it is read here.
 *
 * @typedef {{
 *   readonly versions: Readonly<Record<string, {
 *     readonly dependencies?: Readonly<Record<string, string>>,
 *     readonly dist: { readonly shasum: string },
 *   }>>,
 * }} Packument
 */

/**
 * How the upload of a package goes wrong: `refused` before anything is kept, or `unanswered`, where it is kept and
 * the answer is lost on the way.
 *
 * @typedef {'refused' | 'unanswered'} Failure
 */

const verdaccio = {
  private: true,
  dependencies: { verdaccio: '6.8.0' },
  // it asks for a tag that not every mirror serves
  overrides: { 'node-fetch': '2.7.0' },
};

/** How long it may take to start, in seconds. */
const patience = 60;

/**
 * Puts the registry into a folder of its own: 58 MB that a normal install does not need.
 *
 * @param {string} folder
 * @param {Children} children
 */
export async function installRegistry(folder, children) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(verdaccio));
  const quiet = ['--silent', '--no-audit', '--no-fund', '--ignore-scripts'];
  await children.run('npm', ['install', ...quiet], { cwd: folder });
}

/**
 * Starts the registry, and a server on a free port of loopback before it that can let uploads fail. The registry
 * itself listens on a socket in the folder, so no other program can have its place.
 *
 * @param {string} folder where it was installed
 * @param {string} uplink the registry that packages of others come from
 * @param {Children} children
 */
export async function startRegistry(folder, uplink, children) {
  const socket = join(folder, 'socket');
  const config = join(folder, 'config.json');
  // its configuration is YAML, which JSON is a part of
  writeFileSync(
    config,
    JSON.stringify({
      storage: join(folder, 'storage'),
      uplinks: { upstream: { url: uplink } },
      packages: {
        '@dimp/*': { access: '$all', publish: '$anonymous' },
        '**': { access: '$all', proxy: 'upstream' },
      },
      listen: `unix:${socket}`,
      max_body_size: '50mb',
      log: { type: 'stdout', format: 'json', level: 'warn' },
    }),
  );
  const script = join(folder, 'node_modules/verdaccio/bin/verdaccio');
  const child = children.start(process.execPath, [script, '--config', config], { cwd: folder });
  child.stdout?.resume();
  child.stderr?.resume();

  /** @type {Map<string, Failure>} */
  const failures = new Map();
  const server = createServer((incoming, outgoing) => forward(incoming, outgoing, socket, failures));
  await new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${port}/`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  try {
    await untilAnswered(url, child);
  } catch (error) {
    // a server that listens keeps the program alive
    close();
    throw error;
  }

  return {
    url,
    /**
     * Lets every upload of a package fail until further notice.
     *
     * @param {string} name
     * @param {Failure} failure
     */
    fail(name, failure) {
      failures.set(name, failure);
    },
    /** Lets uploads succeed again. */
    heal() {
      failures.clear();
    },
    /**
     * @param {string} name
     * @returns {Promise<Packument>} without versions when the registry has none
     */
    async read(name) {
      const answer = await fetch(url + name.replace('/', '%2f'));
      if (answer.status === 404) return { versions: {} };
      if (!answer.ok) throw new Error(`the registry answers ${answer.status} for ${name}`);
      return /** @type {Promise<Packument>} */ (answer.json());
    },
    close,
  };
}

/**
 * @param {string} url
 * @param {ChildProcess} child
 * @throws {Error} when the registry ends, or takes too long to start
 */
async function untilAnswered(url, child) {
  const tooLate = AbortSignal.timeout(patience * 1000);
  while (!(await isAnswered(url, tooLate))) {
    const end = child.exitCode ?? child.signalCode;
    if (end !== null) throw new Error(`verdaccio ended with ${end}`);
    if (tooLate.aborted) throw new Error(`verdaccio did not answer within ${patience} seconds`);
    await wait(100);
  }
}

/**
 * @param {string} url
 * @param {AbortSignal} tooLate
 */
async function isAnswered(url, tooLate) {
  try {
    return (await fetch(`${url}-/ping`, { signal: tooLate })).ok;
  } catch (error) {
    if (tooLate.aborted) return false;
    throw error;
  }
}

/**
 * @param {IncomingMessage} incoming
 * @param {ServerResponse} outgoing
 * @param {string} socket
 * @param {ReadonlyMap<string, Failure>} failures
 */
function forward(incoming, outgoing, socket, failures) {
  const { method, url = '', headers } = incoming;
  const failure = method === 'PUT' ? failures.get(decodeURIComponent(url.slice(1))) : undefined;
  if (failure === 'refused') {
    incoming.resume();
    outgoing.writeHead(403, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ error: 'refused for the rehearsal' }));
    return;
  }
  const inner = request({ agent: false, socketPath: socket, method, path: url, headers }, answer => {
    if (failure === 'unanswered') {
      answer.resume();
      outgoing.destroy();
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  // the registry is still starting, or ends
  inner.once('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
  outgoing.once('close', () => inner.destroy());
  incoming.pipe(inner);
}
