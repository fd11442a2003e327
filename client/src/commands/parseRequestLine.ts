/** Reads what a person types to name a request: a URL, a curl command line, or a TraceRequest as JSON. */
import { readJson } from '../../../server/src/protocol/jsonValue';
import { readRequest } from '../../../server/src/protocol/readRequest';
import { requestOfCurl, withoutNamed } from '../../../server/src/protocol/requestFromUrl';
import type { TraceRequest } from '../../../server/src/protocol/trace';

export type RequestProblem = 'json' | 'url' | 'header' | 'option' | 'value';
export type ParsedLine = { request: TraceRequest } | { problem: RequestProblem };

/** Options mean what they mean to curl, or to the command line of this project (`--dst`, `--src`, `--sni`, `--principal`). */
export function parseRequestLine(line: string): ParsedLine {
  const text = line.trim();
  // A bracket alone may begin an IPv6 address.
  return /^(?:\{|\[\s*[{\]])/.test(text) ? parseJson(text) : parseWords(splitWords(text));
}

function parseJson(text: string): ParsedLine {
  const request = readRequest(readJson(text));
  return typeof request === 'string' ? { problem: 'json' } : { request };
}

interface Options {
  url?: string;
  method?: string;
  headers: [string, string][];
  connection: { destination?: string; source?: string; sni?: string; peerPrincipals?: string[] };
}

function parseWords(words: string[]): ParsedLine {
  const options: Options = { headers: [], connection: {} };
  const rest = words[0] === 'curl' ? words.slice(1) : words;
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? '';
    // What curl is told about its output or its trust changes nothing of the way.
    if (/^-[ksvigL]+$/.test(word)) continue;
    if (word.startsWith('-')) {
      const value = rest[++i];
      const problem = readOption(word, value ?? '', options) ?? (value === undefined ? 'value' : undefined);
      if (problem) return { problem };
    } else if (options.url === undefined && /^[A-Z]+$/.test(word) && i === 0 && rest.length > 1) options.method = word;
    else if (options.url === undefined) options.url = word;
    else return { problem: 'url' };
  }
  return buildRequest(options);
}

/** Reads `word` with its value into `options`; returns what is wrong with it. */
function readOption(word: string, value: string, options: Options): RequestProblem | undefined {
  switch (word) {
    case '-X':
    case '--request':
      options.method = value;
      return undefined;
    case '-H':
    case '--header': {
      const colon = value.indexOf(':');
      if (colon <= 0) return 'header';
      options.headers.push([value.slice(0, colon).trim(), value.slice(colon + 1).trim()]);
      return undefined;
    }
    case '--dst':
      options.connection.destination = value;
      return undefined;
    case '--src':
      options.connection.source = value;
      return undefined;
    case '--sni':
      options.connection.sni = value;
      return undefined;
    case '--principal':
      options.connection.peerPrincipals = [...(options.connection.peerPrincipals ?? []), value];
      return undefined;
    default:
      return 'option';
  }
}

function buildRequest({ url, method, headers, connection }: Options): ParsedLine {
  const base = url === undefined ? undefined : requestOfCurl(url, method);
  if (!base) return { problem: 'url' };
  // As in curl, -H 'Host: …' sets the authority.
  const host = headers.find(([name]) => name.toLowerCase() === 'host');
  const http = {
    ...base.http,
    authority: host?.[1] ?? base.http.authority,
    headers: [...withoutNamed(base.http.headers, headers), ...headers.filter((header) => header !== host)],
  };
  return { request: { connection: { ...base.connection, ...connection }, http } };
}

/** Splits as a shell does: quotes hold words together, a backslash takes the next character as it is, and joins lines at their end. */
function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  // Linear: each alternative begins with a character of its own.
  for (const [part] of text.matchAll(/\s+|'[^']*'?|"(?:[^"\\]|\\[\s\S])*"?|\\[\s\S]?|[^\s'"\\]+/g)) {
    if (/^\s/.test(part)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (part !== '\\\n') word = (word ?? '') + unquote(part);
  }
  return word === undefined ? words : [...words, word];
}

function unquote(part: string): string {
  switch (part[0]) {
    case "'":
      return part.slice(1).replace(/'$/, '');
    case '"':
      return part
        .slice(1)
        .replace(/"$/, '')
        .replace(/\\(["\\$`])/g, '$1');
    case '\\':
      return part.slice(1);
    default:
      return part;
  }
}
