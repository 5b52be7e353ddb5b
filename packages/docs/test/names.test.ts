import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const packages = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(packages, 'docs/guide/10-moving-from-dimp-0.9.5.md'), 'utf8');

/** What the two Python packages exported, and what their own files hold that programs used. */
const theirs = `
  SignKey VerifyKey EncryptKey DecryptKey SymmetricKey PrivateKey PublicKey BaseCoder Base64 Base58 Hex Digest MD5
  SHA1 SHA256 RIPEMD160 md5 sha1 sha256 ripemd160 NetworkID MetaVersion Address ID Meta Profile Entity User Group
  EntityDataSource UserDataSource GroupDataSource ANYONE EVERYONE ANYWHERE EVERYWHERE Envelope Content Message
  ContentType ForwardContent InstantMessage SecureMessage ReliableMessage InstantMessageDelegate
  SecureMessageDelegate ReliableMessageDelegate TextContent FileContent ImageContent AudioContent VideoContent Command
  HistoryCommand GroupCommand InviteCommand ExpelCommand JoinCommand QuitCommand QueryCommand ResetCommand MetaCommand
  ProfileCommand Barrack KeyCache Transceiver EntityDelegate CipherKeyDelegate Notification Observer
  NotificationCenter ApplePushNotificationService CASubject CAValidity CAData CertificateAuthority ServiceProvider
  Station Robot Polylogue ReceiptCommand HandshakeCommand LoginCommand BlockCommand MuteCommand StorageCommand
  ContentProcessor ForwardContentProcessor CommandProcessor HistoryCommandProcessor GroupCommandProcessor
  InviteCommandProcessor ExpelCommandProcessor QuitCommandProcessor ResetCommandProcessor QueryCommandProcessor
  MetaCommandProcessor ProfileCommandProcessor Callback CompletionHandler MessengerDelegate AddressNameService
  Facebook KeyStore Messenger Immortals Chatroom PlainKey`
  .trim()
  .split(/\s+/);

const rows = page
  .split('\n')
  .filter(line => line.startsWith('| ') && !/^\| (there|---)/.test(line))
  .map(line => line.slice(2, -2).split(' | '));

const namesIn = (text = ''): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** The source text of each entry that applications may import, by its import. */
const entries = new Map(readdirSync(packages).flatMap(readEntries));

function readEntries(name: string): (readonly [string, string])[] {
  const path = join(packages, name, 'package.json');
  if (!existsSync(path)) return [];
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const targets: [string, { readonly '@dimp/source'?: string }][] = Object.entries(manifest.exports ?? {});
  return targets.flatMap(([subpath, target]) => {
    const source = join(packages, name, target['@dimp/source'] ?? '-');
    return existsSync(source)
      ? [[manifest.name + subpath.slice(1), readFileSync(source, 'utf8')] as const]
      : [];
  });
}

/** The rows of the tables without a head, "What is in it", of a package's README. */
function tableRows(readme: string): readonly string[] {
  return [...readme.matchAll(/^\| \| \|\n\|[- |]+\|\n((?:\|.*\n)+)/gm)].flatMap(([, body = '']) =>
    body.trim().split('\n'),
  );
}

/** The names that an entry exports, types included. */
function exportsOf(source: string): string[] {
  const listed = [...source.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list = '']) =>
    list.split(',').map(item =>
      item
        .trim()
        .replace(/^type /, '')
        .replace(/^.* as /, ''),
    ),
  );
  const declared = source.matchAll(
    /export (?:async |declare )*(?:const|function|class|interface|type) (\w+)/g,
  );
  return [...listed, ...[...declared].map(([, name = '']) => name)].filter(name => name !== '');
}

const exported = new Set([...entries.values()].flatMap(exportsOf));

const sources = ['crypto', 'mkm', 'dkd', 'core', 'sdk'].flatMap(name => {
  const top = join(packages, name, 'src');
  return readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => readFileSync(join(top, path), 'utf8'));
});

/** Whether an exported class or interface, or one that it extends, declares a public member. */
function hasMember(type: string, member: string): boolean {
  const head = new RegExp(`export (?:class|interface) ${type}\\b[^{]*(?:<[^>]*>)?[^{]*\\{`);
  const declared = new RegExp(`^  (?:readonly |override |async |get )*'?${member}'?[?]?[:(<]`, 'm');
  return sources.some(source => {
    const start = head.exec(source);
    if (start === null) return false;
    const rest = source.slice(start.index);
    const [, base = type] = /extends (\w+)/.exec(start[0]) ?? [];
    return declared.test(rest.slice(0, rest.indexOf('\n}'))) || (base !== type && hasMember(base, member));
  });
}

describe('the names of "Moving from dimp 0.9.5"', () => {
  const ours = [...new Set(rows.flatMap(([, here]) => namesIn(here)))];

  it('reads the tables', () => {
    expect(rows.length).toBeGreaterThan(60);
    expect(ours.length).toBeGreaterThan(120);
    expect(exported.size).toBeGreaterThan(200);
  });

  it.each(ours)('%s is ours', name => {
    if (name.startsWith('@')) {
      expect([...entries.keys()]).toContain(name);
      return;
    }
    const [head = '', member] = name.split('.');
    expect([...exported]).toContain(head);
    if (member !== undefined) expect(hasMember(head, member)).toBe(true);
  });

  it('knows a name that is not there', () => {
    expect(exported.has('sendContents')).toBe(false);
    expect(hasMember('Messenger', 'sendContents')).toBe(false);
    expect(hasMember('Messenger', 'sendContent')).toBe(true);
    expect(hasMember('Transport', 'close')).toBe(false);
  });

  it('leaves out none of theirs', () => {
    const told = new Set(rows.flatMap(([there]) => namesIn(there)));
    expect(theirs.filter(name => !told.has(name))).toEqual([]);
  });
});

describe('the names of "What is in it"', () => {
  const named = ['mkm', 'dkd', 'core', 'sdk'].flatMap(name => {
    const rows = tableRows(readFileSync(join(packages, name, 'README.md'), 'utf8'));
    return rows.flatMap(row => namesIn(row).map(word => [name, word, row] as const));
  });

  it('reads the tables', () => expect(named.length).toBeGreaterThan(150));

  it.each(named)('%s has %s', (name, word, row) => {
    if (word.startsWith('@')) {
      expect([...entries.keys()]).toContain(word);
      return;
    }
    const own = [...entries].filter(([entry]) => `${entry}/`.startsWith(`@dimp/${name}/`));
    const exportedHere = own.flatMap(([, source]) => exportsOf(source));
    // or what a class of the same row does
    const isMember = namesIn(row).some(type => exportedHere.includes(type) && hasMember(type, word));
    if (!isMember) expect(exportedHere).toContain(word);
  });
});

describe('the codes of errors', () => {
  const codes = ['crypto', 'mkm', 'dkd', 'core', 'sdk'].flatMap(name => {
    const top = join(packages, name, 'src');
    const found = readdirSync(top, { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.ts'))
      .flatMap(path => readFileSync(join(top, path), 'utf8').match(/'ERR_[A-Z_]+'/g) ?? []);
    return [...new Set(found)].map(code => [code.slice(1, -1), name] as const);
  });

  it('finds them', () => expect(codes.length).toBeGreaterThan(15));

  it.each(codes)('%s stands in the README of %s', (code, name) => {
    expect(readFileSync(join(packages, name, 'README.md'), 'utf8')).toContain(`\`${code}\``);
  });
});
