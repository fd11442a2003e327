/** envoy.filters.http.header_to_metadata (Envoy: source/extensions/filters/http/header_to_metadata/header_to_metadata_filter.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { hasHeader, headerValues, removeHeader, unknownHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { responseHeader } from '../../format/answerOperators';
import type { HttpStream } from '../../httpStream';
import { recordHeaderChange } from '../../http/recordHeaderChange';
import { compileRegex, replaceAll } from '../../matcher/regex';
import { joinSentences, say, words, type Sentence } from '../../record/sentence';
import { pass, tell, type FilterCall } from '../filterCall';
import { setMetadata } from '../metadataWriter';
import { routeConfigOf } from '../perRouteConfig';
import { decodeStrictBase64 } from '../../facts/decodeStrictBase64';
import { cookieValue } from '../../http/routeMatch/cookieMatcher';

const NAMESPACE = 'envoy.filters.http.header_to_metadata';

/** Of that many bytes and more nothing is written (MAX_HEADER_VALUE_LEN). */
const MAX_VALUE_LENGTH = 8 * 1024;

/** What absl::SimpleAtod reads, but for infinities and what is no number. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A route's configuration replaces the filter's. */
export function runHeaderToMetadata(call: FilterCall): undefined {
  const config = routeConfigOf(call.http, call.name)?.node ?? call.config;
  const written = config.list('request_rules').flatMap((rule) => applyRule(call, rule) ?? []);
  if (written.length === 0) return pass(call, { because: words('none of its rules writes metadata'), at: config });
  return tell(call, say`filter ${call.name} sets metadata`, { because: joinSentences(written), at: config });
}

/** The rules for answers: what the upstream's headers decide stays open. */
export function readHeadersOfAnswer({ config: own, http, name }: FilterCall): void {
  const config = routeConfigOf(http, name)?.node ?? own;
  for (const rule of config.list('response_rules')) {
    const header = rule.string('header').toLowerCase();
    const found = responseHeader(http, header);
    if (rule.bool('remove') === true) recordHeaderChange(http.responseHeaders, { kind: 'remove', name: header });
    const pairs = ['on_header_present', 'on_header_missing'].map((key) => rule.get(key));
    if (found.kind === 'unknown') for (const pair of pairs) if (pair) setPair(http, pair, new NotKnown(found.missing));
    const [present, missing] = pairs;
    const pair = found.kind === 'value' ? present : found.kind === 'absent' ? missing : undefined;
    if (pair) applyPair(http, pair, found.kind === 'value' ? found.value : '');
  }
}

function applyRule(call: FilterCall, rule: ConfigNode): Sentence | undefined {
  const missing = unknownHeader(call.http.request, headerOf(rule));
  if (missing) return applyOpen(call.http, rule, missing);
  const found = extract(call.http.request, rule);
  const pair = rule.get(found === undefined ? 'on_header_missing' : 'on_header_present');
  return pair && applyPair(call.http, pair, found ?? '');
}

function headerOf(rule: ConfigNode): string {
  return rule.has('cookie') ? 'cookie' : rule.string('header');
}

/** The value is not known, perhaps not even whether there is one. */
function applyOpen(http: HttpStream, rule: ConfigNode, missing: Sentence): Sentence | undefined {
  const { request } = http;
  const header = headerOf(rule);
  const isThere = !rule.has('cookie') && hasHeader(request, header) === true;
  if (rule.bool('remove') === true) removeHeader(request, header);
  const pairs = [rule.get('on_header_present'), isThere ? undefined : rule.get('on_header_missing')].flatMap((pair) => pair ?? []);
  const [only] = pairs;
  if (isThere && only && only.string('value') !== '') return applyPair(http, only, '');
  const places = pairs.map((pair) => setPair(http, pair, new NotKnown(missing)));
  return places[0] === undefined ? undefined : say`what ${places[0]} is depends on ${missing}`;
}

/** All values of the header, joined by commas; a cookie that is empty is missing. */
function extract(request: HttpRequest, rule: ConfigNode): string | undefined {
  const cookie = rule.get('cookie')?.asString();
  if (cookie !== undefined) return cookieValue(request, cookie) || undefined;
  const header = rule.string('header');
  const values = headerValues(request, header);
  if (rule.bool('remove') === true) removeHeader(request, header);
  return values.length === 0 ? undefined : values.join(',');
}

function applyPair(http: HttpStream, pair: ConfigNode, found: string): Sentence | undefined {
  const fixed = pair.string('value');
  const text = fixed !== '' ? fixed : rewrite(pair, found);
  if (text === '' || text.length >= MAX_VALUE_LENGTH) return undefined;
  const value = convert(pair, text);
  if (value === undefined) return undefined;
  return say`${setPair(http, pair, value)} is ${text}`;
}

/** Returns where the value stands: `namespace:key`. */
function setPair(http: HttpStream, pair: ConfigNode, value: unknown): string {
  const namespace = pair.string('metadata_namespace') || NAMESPACE;
  const key = pair.string('key');
  setMetadata(http, namespace, key, value);
  return `${namespace}:${key}`;
}

function rewrite(pair: ConfigNode, text: string): string {
  const rule = pair.get('regex_value_rewrite');
  const regex = rule?.path('pattern', 'regex')?.asString();
  return rule && regex !== undefined ? replaceAll(compileRegex(regex), text, rule.string('substitution')) : text;
}

/** `type` and `encode`; undefined where the text does not fit and nothing is written. A serialised protobuf value is not read: what is written stays open. */
function convert(pair: ConfigNode, text: string): unknown {
  const plain = pair.isEnum('encode', 'BASE64', 1) ? decodeStrictBase64(text) : text;
  if (plain === undefined || plain === '') return undefined;
  switch (pair.enumValue('type', ['STRING', 'NUMBER', 'PROTOBUF_VALUE'])) {
    case 'NUMBER':
      return NUMBER.test(plain.trim()) ? Number(plain.trim()) : undefined;
    case 'PROTOBUF_VALUE':
      return new NotKnown(words('what a serialised protobuf value says'));
    case 'STRING':
    case undefined:
      return plain;
  }
}
