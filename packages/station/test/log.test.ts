import { describe, expect, it } from '@jest/globals';
import { QuotaError, StorageError } from '../src/errors.js';
import { createLog, type LogOptions } from '../src/log.js';
import { hulk, moki } from './http-kit.js';

function logged(options: LogOptions, write: (log: ReturnType<typeof createLog>) => void) {
  const lines: string[] = [];
  write(createLog({ ...options, to: { write: line => void lines.push(line) } }));
  return { text: lines.join(''), lines: lines.map(line => JSON.parse(line) as Record<string, unknown>) };
}

describe('the log', () => {
  it('is lines of JSON', () => {
    const { lines } = logged({}, ({ logger }) => {
      logger.debug('not asked for');
      logger.info({ port: 9394 }, 'listening');
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 30, name: 'dims', port: 9394, msg: 'listening' });
  });

  it('calls users by names of this run', () => {
    const [one, other] = [createLog({ level: 'silent' }), createLog({ level: 'silent' })];
    expect(one.nameOf(hulk)).toMatch(/^[0-9a-f]{12}$/);
    expect(one.nameOf(hulk)).toBe(one.nameOf({ ...hulk, terminal: 'phone', text: `${hulk.text}/phone` }));
    expect(one.nameOf(hulk)).not.toBe(one.nameOf(moki));
    expect(one.nameOf(hulk)).not.toBe(other.nameOf(hulk));
  });

  it('says nothing of an error that names a user, but what and where', () => {
    const error = new StorageError('a message', { cause: new QuotaError(hulk.text) });
    const { text, lines } = logged({}, ({ logger }) => logger.error({ err: error }, 'no luck'));
    expect(text).not.toContain('hulk');
    expect(lines[0]).toMatchObject({
      err: { type: 'StorageError', code: 'ERR_STATION_STORAGE', cause: { code: 'ERR_STATION_QUOTA' } },
    });
    expect(text).toContain('log.test.ts');
  });

  it('says nothing of such an error in the text of a line either', () => {
    const { text, lines } = logged({}, ({ logger }) => {
      logger.error(new QuotaError(hulk.text));
      logger.error({ err: new QuotaError(hulk.text) });
      logger.info('with %s', 'values');
    });
    expect(text).not.toContain('hulk');
    expect(lines.map(line => line['msg'])).toEqual(['no text', 'no text', 'with values']);
  });

  it('writes IDs where it is told to', () => {
    const { text } = logged({ logIDs: true }, ({ logger, nameOf }) => {
      logger.error({ err: new QuotaError(hulk.text), user: nameOf(moki) });
    });
    expect(text).toContain(hulk.text);
    expect(text).toContain(moki.text);
  });

  it('bears what is no error, and errors that cause themselves', () => {
    const circle = new Error('x');
    circle.cause = circle;
    const { lines } = logged({}, ({ logger }) => {
      logger.error({ err: 'text' });
      logger.error({ err: circle });
    });
    expect(lines[0]).toMatchObject({ err: { type: 'string' } });
    expect(lines[1]).toMatchObject({ err: { type: 'Error', cause: { cause: {} } } });
  });
});
