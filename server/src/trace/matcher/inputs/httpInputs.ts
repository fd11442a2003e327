/** Inputs of the request (Envoy: source/common/http/matching/inputs.h, source/extensions/matching/http). */
import { knownHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { say, words } from '../../record/sentence';
import type { MatchContext } from '../matchContext';
import type { ConfigNode } from '../../../schema/configNode';
import { ABSENT, NOT_AVAILABLE, type InputReading } from './inputReading';
import type { ReadInput } from './inputReader';

const HTTP = 'envoy.type.matcher.v3';

export const httpInputs: readonly [string, ReadInput][] = [
  [`${HTTP}.HttpRequestHeaderMatchInput`, readHeader],
  [`${HTTP}.HttpRequestQueryParamMatchInput`, readQueryParameter],
  [
    `${HTTP}.HttpResponseHeaderMatchInput`,
    (config) => ({ what: say`response header ${config.string('header_name')}`, value: NOT_AVAILABLE }),
  ],
  [
    `${HTTP}.HttpRequestTrailerMatchInput`,
    (config) => ({ what: say`request trailer ${config.string('header_name')}`, value: NOT_AVAILABLE }),
  ],
  [
    `${HTTP}.HttpResponseTrailerMatchInput`,
    (config) => ({ what: say`response trailer ${config.string('header_name')}`, value: NOT_AVAILABLE }),
  ],
  ['envoy.extensions.matching.common_inputs.network.v3.DynamicMetadataInput', readDynamicMetadata],
  ['xds.type.matcher.v3.HttpAttributesCelMatchInput', () => ({ what: words('the request'), value: { kind: 'attributes' } })],
  ['envoy.extensions.matching.common_inputs.environment_variable.v3.Config', readEnvironment],
];

/** Values of a repeated header are joined by commas: here, unlike in a route's header matchers. */
function readHeader(config: ConfigNode, { http }: MatchContext): InputReading {
  const name = config.string('header_name');
  const what = say`header ${name}`;
  if (!http) return { what, value: NOT_AVAILABLE };
  const values = knownHeader(http.request, name);
  if (values instanceof NotKnown) return { what, value: { kind: 'unknown', missing: values.missing } };
  return { what, value: values.length === 0 ? ABSENT : { kind: 'text', text: values.join(',') } };
}

/** The first value of the key, URL-decoded. */
function readQueryParameter(config: ConfigNode, { http }: MatchContext): InputReading {
  const name = config.string('query_param');
  const what = say`query parameter ${name}`;
  if (!http || http.request.path === '') return { what, value: NOT_AVAILABLE };
  const query = /^[^?#]*\?([^#]*)/.exec(http.request.path)?.[1] ?? '';
  for (const part of query.split('&')) {
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    if (percentDecode(key) === name)
      return { what, value: { kind: 'text', text: equals < 0 ? '' : percentDecode(part.slice(equals + 1)) } };
  }
  return { what, value: ABSENT };
}

/** `%41` → `A`, byte by byte as UTF-8; what is no escape stays. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes.replace(/%([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
    }
  });
}

function readDynamicMetadata(config: ConfigNode, { connection, http }: MatchContext): InputReading {
  const namespace = config.string('filter');
  const path = config.list('path').map((segment) => segment.string('key'));
  const root = http?.metadata.get(namespace) ?? connection.metadata.get(namespace);
  return { what: say`metadata ${namespace} ${path}`, value: { kind: 'metadata', value: followPath(root, path) } };
}

/** A value inside a Struct; undefined where the path ends early. */
export function followPath(root: unknown, path: readonly string[]): unknown {
  let at: unknown = root;
  for (const key of path) {
    if (at instanceof NotKnown) return at;
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

function readEnvironment(config: ConfigNode): InputReading {
  const name = config.string('name');
  return {
    what: say`environment variable ${name}`,
    value: { kind: 'unknown', missing: say`the environment variable ${name} of the Envoy process` },
  };
}
