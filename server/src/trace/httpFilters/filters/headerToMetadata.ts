/** envoy.filters.http.header_to_metadata (Envoy: source/extensions/filters/http/header_to_metadata/header_to_metadata_filter.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues, removeHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { responseHeader } from '../../format/answerOperators';
import type { HttpStream } from '../../http/httpStream';
import { recordHeaderChange } from '../../http/recordHeaderChange';
import { compileRegex, replaceAll } from '../../matcher/regex';
import { joinSentences, say, words, type Sentence } from '../../record/sentence';
import { pass, tell, type FilterCall } from '../filterCall';
import { setMetadata } from '../metadataWriter';
import { routeConfigOf } from '../perRouteConfig';
import { decodeStrictBase64 } from '../../facts/decodeStrictBase64';
import { cookieValue } from '../../http/routeMatch/cookieMatcher';

const NAMESPACE = 'envoy.filters.http.header_to_metadata';

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
  const found = extract(call.http.request, rule);
  const pair = rule.get(found === undefined ? 'on_header_missing' : 'on_header_present');
  return pair && applyPair(call.http, pair, found ?? '');
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
  if (text === '') return undefined;
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

/** `type` and `encode`; undefined where the text does not fit and nothing is written. A serialised protobuf value is not read. */
function convert(pair: ConfigNode, text: string): unknown {
  const plain = pair.isEnum('encode', 'BASE64', 1) ? decodeStrictBase64(text) : text;
  if (plain === undefined || plain === '') return undefined;
  switch (pair.enumValue('type', ['STRING', 'NUMBER', 'PROTOBUF_VALUE'])) {
    case 'NUMBER': {
      const number = Number(plain.trim());
      return plain.trim() === '' || Number.isNaN(number) ? undefined : number;
    }
    case 'PROTOBUF_VALUE':
      return undefined;
    case 'STRING':
    case undefined:
      return plain;
  }
}
