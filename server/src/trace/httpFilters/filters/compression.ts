/** What compressor and decompressor do to the request (Envoy: source/extensions/filters/http/compressor/compressor_filter.cc, decompressor/decompressor_filter.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import {
  firstUnknownHeader,
  hasHeader,
  headerValues,
  knownHeader,
  markDoubtfulHeader,
  markUnknownHeader,
  removeHeader,
  setHeader,
  unknownHeader,
  type HttpRequest,
} from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { Hop } from '../../hop';
import { announcedLength } from '../../http/codec/announcedBody';
import { isUpgrade } from '../../http/isUpgrade';
import { recordHeaderChange } from '../../http/recordHeaderChange';
import { readStringMatcher } from '../../matcher/stringMatcher';
import { joinSentences, say, words, type Sentence } from '../../record/sentence';
import { runtimeFlag } from '../../runtime/readRuntime';
import { pass, tell, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** It answers for the encodings itself: the upstream is not asked for them where `remove_accept_encoding_header` says so. */
export function runCompressor(call: FilterCall): undefined {
  const { config, http } = call;
  http.acceptEncoding ??= readAcceptEncoding(http.request);
  const perRoute = routeConfigOf(http, call.name)?.node;
  const isCompressed = compressRequest(call);
  // A route turns it off for answers alone (observed with Envoy 1.40).
  const isOff = perRoute?.bool('disabled') === true;
  if (isOff && !isCompressed) return pass(call, { because: words('the route turns it off'), at: perRoute });
  const own = config.get('response_direction_config');
  const overrides = perRoute?.path('overrides', 'response_direction_config');
  const removes = (overrides ?? own)?.bool('remove_accept_encoding_header') ?? (own ?? config).bool('remove_accept_encoding_header');
  if (removes !== true || !compressesAnswers(call) || hasHeader(http.request, 'accept-encoding') === false)
    return isCompressed
      ? tell(call, say`filter ${call.name} compresses the request`, {
          because: words('its length and type are of those that it compresses'),
        })
      : pass(call, { because: words('it compresses bodies') });
  removeHeader(http.request, 'accept-encoding');
  return tell(call, say`filter ${call.name} takes the header ${'accept-encoding'} away`, {
    because: words('it compresses the answer itself'),
  });
}

/** A route's `disabled` switches it off for answers, its `overrides` for them switch it on, whatever the filter says (CompressorPerRouteFilterConfig). */
function compressesAnswers({ config, hop, http, name }: FilterCall): boolean {
  const perRoute = routeConfigOf(http, name)?.node;
  if (perRoute?.bool('disabled') === true) return false;
  if (perRoute?.path('overrides', 'response_direction_config')) return true;
  const own = config.get('response_direction_config');
  return isEnabled(hop, (own?.get('common_config') ?? config).get(own ? 'enabled' : 'runtime_enabled'));
}

function readAcceptEncoding(request: HttpRequest): string | NotKnown {
  const values = knownHeader(request, 'accept-encoding');
  return values instanceof NotKnown ? values : values.join(',');
}

/** Compressed or not, an answer that could be says so; which ones could be, size and type tell, which of several encodings, the client's weights. */
export function varyAnswer(call: FilterCall): void {
  const { config, http } = call;
  if (!compressesAnswers(call)) return;
  const own = config.get('response_direction_config');
  const add = (name: string, value: string): void =>
    recordHeaderChange(http.responseHeaders, { kind: 'add', name, value, action: 'APPEND_IF_EXISTS_OR_ADD', isUnknown: true });
  add('vary', 'Accept-Encoding');
  if (own?.bool('status_header_enabled') === true) add('x-envoy-compression-status', '?');
  const encoding = encodingOf(libraryOf(call));
  if (accepts(http.acceptEncoding, encoding)) add('content-encoding', encoding ?? '?');
}

/** May the client take the encoding at all (CompressorFilter::chooseEncoding)? */
function accepts(acceptEncoding: string | NotKnown | undefined, encoding: string | undefined): boolean {
  if (acceptEncoding instanceof NotKnown) return true;
  const tokens = tokensOf(acceptEncoding).map((token) => token.split(';').map((part) => part.trim()));
  const isTaken = ([, weight]: readonly string[]): boolean => !/^q\s*=\s*0*\.?0*$/i.test(weight ?? '');
  const named = tokens.filter(([name]) => name === encoding);
  if (encoding !== undefined && named.length > 0) return named.every(isTaken);
  return tokens.some((token) => (encoding === undefined || token[0] === '*') && isTaken(token));
}

/** Request bodies are compressed by the length and type that the headers tell (CompressorFilter::decodeHeaders). */
function compressRequest(call: FilterCall): boolean {
  const { config, hop, http } = call;
  const { request } = http;
  const direction = config.get('request_direction_config');
  const settings = direction?.get('common_config');
  if (!direction || !isEnabled(hop, settings?.get('enabled')) || isUpgrade(request)) return false;
  if (hidesBody(request, ['content-length', 'content-encoding', 'content-type']) || !isLongEnough(request, settings)) return false;
  if (headerValues(request, 'content-encoding').length > 0 || !isOfType(request, settings)) return false;
  const encoding = encodingOf(libraryOf(call));
  removeHeader(request, 'content-length');
  if (encoding === undefined) markUnknownHeader(request, 'content-encoding', words('how the compressor library encodes'));
  else setHeader(request, 'content-encoding', encoding);
  return true;
}

/** Whether the body is encoded anew depends on headers that nobody knows: then those that tell of it are not known either. */
function hidesBody(request: HttpRequest, names: readonly string[]): boolean {
  const missing = firstUnknownHeader(request, names);
  if (missing) for (const name of ['content-length', 'content-encoding']) markDoubtfulHeader(request, name, missing);
  return missing !== undefined;
}

/** A route may name another library. */
function libraryOf({ config, http, name }: FilterCall): ConfigNode | undefined {
  return routeConfigOf(http, name)?.node.path('overrides', 'compressor_library') ?? config.get('compressor_library');
}

const MIN_LENGTH = 30;

/** A body whose length nobody tells is long enough (observed with Envoy 1.40). */
function isLongEnough(request: HttpRequest, settings: ConfigNode | undefined): boolean {
  const length = headerValues(request, 'content-length')[0];
  if (length !== undefined) return length !== '0' && Number(length) >= (settings?.number('min_content_length') ?? MIN_LENGTH);
  return announcedLength(request) === undefined;
}

const STANDARD_TYPES = ['application/javascript', 'application/json', 'application/xhtml+xml', 'image/svg+xml'].concat(
  ['css', 'html', 'plain', 'xml'].map((kind) => `text/${kind}`),
);

/**
 * A request that tells no type is compressed, too. Types are compared without regard to case; where there are matchers they alone decide, as they are
 * written (observed with Envoy 1.40).
 */
function isOfType(request: HttpRequest, settings: ConfigNode | undefined): boolean {
  const type = headerValues(request, 'content-type')[0]?.split(';')[0]?.trim();
  if (type === undefined) return true;
  const matchers = settings?.list('content_type_matcher') ?? [];
  if (matchers.length > 0) return matchers.some((matcher) => readStringMatcher(matcher).matches?.(type) === true);
  const given = settings?.list('content_type').map((each) => (each.asString() ?? '').toLowerCase()) ?? [];
  return (given.length > 0 ? given : STANDARD_TYPES).includes(type.toLowerCase());
}

/** It offers its encoding to the upstream, and takes it off the request's body. */
export function runDecompressor(call: FilterCall): undefined {
  const { config, hop, http } = call;
  const encoding = encodingOf(config.get('decompressor_library'));
  const [inward, outward] = [config.get('request_direction_config'), config.get('response_direction_config')];
  const told: Sentence[] = [];
  if (inward?.bool('advertise_accept_encoding') !== false && isEnabled(hop, outward?.path('common_config', 'enabled')))
    told.push(advertise(call, encoding));
  if (announcedLength(http.request) !== 0 && isEnabled(hop, inward?.path('common_config', 'enabled')))
    told.push(...takeOff(call, encoding, inward));
  if (told.length === 0) return pass(call, { because: words('it decompresses bodies') });
  return tell(call, say`filter ${call.name} changes headers`, { because: joinSentences(told) });
}

/** `RuntimeFeatureFlag`, on unless it says otherwise. */
function isEnabled(hop: Hop, flag: ConfigNode | undefined): boolean {
  const standard = flag?.bool('default_value') ?? true;
  return flag ? runtimeFlag(hop, flag.string('runtime_key'), standard) : standard;
}

const ENCODINGS: readonly (readonly [part: string, encoding: string])[] = [
  ['.gzip.', 'gzip'],
  ['.brotli.', 'br'],
  ['.zstd.', 'zstd'],
];

/** Undefined for a library that nobody knows. */
function encodingOf(library: ConfigNode | undefined): string | undefined {
  const type = library?.typed()?.type ?? '';
  return ENCODINGS.find(([part]) => type.includes(part))?.[1];
}

function advertise({ http: { request } }: FilterCall, encoding: string | undefined): Sentence {
  if (encoding === undefined) {
    markUnknownHeader(request, 'accept-encoding', words('which encoding the decompressor library takes off'));
    return words('it offers its encoding to the upstream');
  }
  const missing = unknownHeader(request, 'accept-encoding');
  const others = tokensOf(headerValues(request, 'accept-encoding')[0]).filter((token) => token.split(';')[0]?.trim() !== encoding);
  setHeader(request, 'accept-encoding', [...others, encoding].join(','));
  if (missing) markUnknownHeader(request, 'accept-encoding', missing);
  return say`request header ${'accept-encoding'} offers ${encoding}`;
}

function takeOff({ http: { request } }: FilterCall, encoding: string | undefined, direction: ConfigNode | undefined): Sentence[] {
  if (hidesBody(request, ['content-encoding', 'cache-control'])) return [];
  const [first, ...rest] = tokensOf(headerValues(request, 'content-encoding')[0]);
  const isFixed = tokensOf(headerValues(request, 'cache-control')[0]).some((token) => token.toLowerCase() === 'no-transform');
  if (first === undefined || first.toLowerCase() !== encoding) return [];
  if (
    isFixed &&
    direction?.bool('ignore_no_transform_header') !== true &&
    direction?.get('common_config')?.bool('ignore_no_transform_header') !== true
  )
    return [];
  removeHeader(request, 'content-length');
  if (rest.length === 0) removeHeader(request, 'content-encoding');
  else setHeader(request, 'content-encoding', rest.join(','));
  return [say`the body is no longer encoded as ${first}`];
}

function tokensOf(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '');
}
