import { decodeBase64, encodeBase64 } from '@dimp/crypto/format';
import type { AgentOperation } from '../operation.js';

/** The place where files of messages go, in memory. */
export const fileOperations: readonly AgentOperation[] = [
  {
    code: 'cdn',
    run(args, { session }) {
      const mode = args.text('mode');
      if (mode !== 'on' && mode !== 'off') throw args.error('mode', '"on" or "off"', mode);
      session.host.enabled = mode === 'on';
      return true;
    },
  },
  {
    code: 'cdn_put',
    run(args, { session }) {
      session.host.put(args.text('url'), decodeBase64(args.text('data'), args.at('data')));
      return true;
    },
  },
  {
    code: 'cdn_get',
    run(args, { session }) {
      const data = session.host.get(args.text('url'));
      return data === undefined ? null : encodeBase64(data);
    },
  },
  { code: 'cdn_list', run: (_args, { session }) => session.host.urls() },
];
