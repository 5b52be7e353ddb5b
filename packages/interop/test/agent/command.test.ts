import { describe, expect, it } from '@jest/globals';
import { runAgent } from '../../src/agent/command.js';

async function start(...argv: readonly string[]) {
  const lines: string[] = [];
  const log: string[] = [];
  const input = (async function* () {
    yield new TextEncoder().encode('{"id": 1, "op": "hello"}\n');
  })();
  const status = await runAgent(argv, {
    input,
    write: async line => void lines.push(line),
    log: line => log.push(line),
  });
  return { status, lines, log };
}

describe('the call', () => {
  it('serves until the input ends', async () => {
    const { status, lines, log } = await start();
    expect({ status, log }).toEqual({ status: 0, log: [] });
    expect(JSON.parse(lines[0] ?? '').result).toMatchObject({
      driver: 'portable',
      packages: { '@dimp/crypto': expect.any(String), '@dimp/sdk': expect.any(String) },
    });
  });

  it('takes what is the default by name', async () => {
    expect((await start('--generation', '1', '--crypto', 'portable')).status).toBe(0);
  });

  it('takes the native driver by name, and tells it', async () => {
    const { status, lines } = await start('--crypto', 'node');
    expect(status).toBe(0);
    expect(JSON.parse(lines[0] ?? '').result.driver).toBe('node');
  });

  it('explains itself, with examples', async () => {
    const { status, lines } = await start('--help');
    expect(status).toBe(0);
    expect(lines.join('\n')).toContain(`echo '{"id": 1, "op": "hello"}' | pnpm --silent agent`);
  });

  it.each([
    [['--crypto', 'abacus'], 'agent: no driver "abacus"; there are "portable" and "node"'],
    [['--generation', '2'], 'agent: generation 2 does not exist yet; use "1"'],
    [['--generation', '3'], 'agent: no generation "3"; there is "1"'],
  ])('is refused: %j', async (argv, message) => {
    expect(await start(...argv)).toEqual({ status: 2, lines: [], log: [message, 'Try --help.'] });
  });

  it('is refused with an option that is not known', async () => {
    expect((await start('--fast')).status).toBe(2);
  });
});

describe('hello', () => {
  it('lists every operation of generation 1', async () => {
    const { lines } = await start();
    expect([...JSON.parse(lines[0] ?? '').result.operations].sort()).toEqual([
      'address_from_fingerprint',
      'aes_decrypt',
      'aes_encrypt',
      'bench',
      'cdn',
      'cdn_get',
      'cdn_list',
      'cdn_put',
      'export_user',
      'forget_keys',
      'generate_group',
      'generate_meta',
      'generate_user',
      'get_key',
      'get_members',
      'get_meta',
      'get_profile',
      'group_info',
      'hello',
      'id_from_meta',
      'import_account',
      'import_group',
      'import_meta',
      'import_profile',
      'import_user',
      'install_immortals',
      'key_match',
      'pack',
      'parse_id',
      'process_content',
      'process_package',
      'quit',
      'reset',
      'rsa_decrypt',
      'rsa_encrypt',
      'rsa_sign',
      'rsa_verify',
      'same_id',
      'set_assistants',
      'set_key',
      'set_members',
      'sign_profile',
      'split',
      'trim',
      'unpack',
      'verify',
      'verify_meta',
      'verify_profile',
    ]);
  });
});
