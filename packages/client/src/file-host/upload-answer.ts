import { isJsonObject, type JsonValue, parseJson } from '@dimp/crypto';
import { TransportError } from '@dimp/sdk';
import { refusal } from './call.js';
import { parseHttpUrl } from './urls.js';

/** An answer is a few members. */
export const maxAnswerBytes = 65_536;

/**
 * Where an uploaded file stands, by the answer (transport.md 15).
 *
 * Wire: `{ code, message, filename, url? }`; generation 1 gives no `url`, its files are at `/download/{address}/{filename}`.
 * The code counts where the status is 200.
 * @throws {TransportError} the host refused, or its answer makes no sense
 */
export function readUploadAnswer(
  text: string,
  response: Pick<Response, 'status' | 'headers'>,
  target: URL,
  address: string,
): string {
  const json = parseAnswer(text);
  const { code, message, filename, url } = json;
  const status =
    response.status === 200 && Number.isInteger(Number(code ?? 200)) ? Number(code ?? 200) : response.status;
  if (status !== 200) throw refusal(status, response.headers, asText(message));
  if (typeof url === 'string') {
    const place = parseHttpUrl(url, target);
    if (place !== undefined) return place.href;
  } else if (typeof filename === 'string' && /^[0-9A-Za-z_-][0-9A-Za-z._-]{0,254}$/.test(filename)) {
    return new URL(`/download/${address}/${filename}`, target).href;
  }
  throw new TransportError('The answer of the file host makes no sense.', {
    code: 'ERR_FILE_HOST_ANSWER',
    isFinal: true,
  });
}

function parseAnswer(text: string): Readonly<Record<string, JsonValue>> {
  try {
    const json = parseJson(text, 'answer');
    return isJsonObject(json) ? json : {};
  } catch {
    // a proxy in between answers with a page; the status says enough
    return {};
  }
}

/** A sentence of a stranger, short and in one line. */
function asText(message: JsonValue | undefined): string {
  return typeof message === 'string' ? message.replace(/\p{C}+/gu, ' ').slice(0, 200) : '';
}
