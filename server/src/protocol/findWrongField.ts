/** What is wrong with a trace request that somebody wrote by hand: the first field that is not of the contract's type. */
import { isJsonObject } from './jsonValue';

/** What is wrong, or undefined. `where`: the path of the value. */
type Check = (value: unknown, where: string) => string | undefined;

const text: Check = (value, where) => (typeof value === 'string' ? undefined : `${where} must be a string`);

function oneOf(...words: readonly string[]): Check {
  return (value, where) => (words.some((word) => word === value) ? undefined : `${where} must be one of ${words.join(', ')}`);
}

function listOf(check: Check): Check {
  return (value, where) => {
    if (!Array.isArray(value)) return `${where} must be a list`;
    return firstOf(value.map((item: unknown, index) => check(item, `${where}[${index}]`)));
  };
}

function mapOf(check: Check): Check {
  return (value, where) => {
    if (!isJsonObject(value)) return `${where} must be an object`;
    return firstOf(Object.entries(value).map(([key, item]) => check(item, `${where}.${key}`)));
  };
}

/** Fields that are absent or null are not checked but those of `needed`; fields of other names are nobody's business. */
function objectOf(fields: () => Readonly<Record<string, Check>>, needed: readonly string[] = []): Check {
  return (value, where) => {
    if (!isJsonObject(value)) return `${where || 'the request'} must be an object`;
    const at = (name: string): string => (where === '' ? name : `${where}.${name}`);
    const missing = needed.find((name) => value[name] === undefined || value[name] === null);
    if (missing !== undefined) return `${at(missing)} is missing`;
    return firstOf(
      Object.entries(fields()).map(([name, check]) => {
        const field = value[name];
        return field === undefined || field === null ? undefined : check(field, at(name));
      }),
    );
  };
}

function firstOf(found: readonly (string | undefined)[]): string | undefined {
  return found.find((each) => each !== undefined);
}

const anything: Check = () => undefined;

const pair: Check = (value, where) =>
  Array.isArray(value) && value.length === 2 && value.every((item) => typeof item === 'string')
    ? undefined
    : `${where} must be a pair [name, value] of strings`;

const http = objectOf(
  () => ({
    version: oneOf('http1', 'http2', 'http3'),
    method: text,
    scheme: oneOf('http', 'https'),
    authority: text,
    path: text,
    headers: listOf(pair),
  }),
  ['method', 'authority', 'path'],
);

const connection = objectOf(() => ({
  destination: text,
  source: text,
  directSource: text,
  capture: oneOf('outbound', 'inbound', 'none'),
  transport: oneOf('raw_buffer', 'tls', 'quic'),
  sni: text,
  alpn: listOf(text),
  peerPrincipals: listOf(text),
  peerNames: objectOf(() => ({ dns: listOf(text), ips: listOf(text), emails: listOf(text), subject: text })),
  metadata: mapOf(anything),
  filterState: mapOf(text),
}));

const inner: Check = objectOf(() => ({ connection: objectOf(() => ({ transport: text, sni: text, alpn: listOf(text) })), http, inner }));

const wholeNumber: Check = (value, where) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? undefined : `${where} must be a whole number, 0 or more`;

const scalar: Check = (value, where) =>
  ['string', 'number', 'boolean'].includes(typeof value) ? undefined : `${where} must be a number, a string or a boolean`;

const request = objectOf(
  () => ({
    start: objectOf(() => ({ proxy: text, listener: text, at: objectOf(() => ({ uri: text, pointer: text }), ['uri', 'pointer']) })),
    connection,
    http,
    inner,
    random: wholeNumber,
    runtime: mapOf(scalar),
    time: (value, where) =>
      typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? undefined : `${where} must be a time such as 2026-03-01T12:00:00Z`,
  }),
  ['connection'],
);

/** Example: `connection.alpn must be a list`; undefined where the value is a TraceRequest. */
export function findWrongField(value: unknown): string | undefined {
  return request(value, '');
}
