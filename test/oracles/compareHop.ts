/** Does one hop of a trace show everything that was seen of it? Only fields that the observation gives are compared. */
import type { TraceConnection, TraceHop, TraceHttp } from '../../server/src/protocol/trace';
import type { ObservedConnection, ObservedHop, ObservedHttp } from './observation';

/** A field that differs: a short path, what was seen, what the trace says. */
export interface Difference {
  readonly field: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** What a hop is compared with: `refused` hops may name cluster and endpoint, which were chosen before the refusal. */
export interface HopContext {
  readonly prefix: string;
  readonly refused: boolean;
}

const PLAIN_FIELDS = [
  'kind',
  'proxy',
  'listener',
  'acceptedBy',
  'protocol',
  'terminatesTunnel',
  'routeConfiguration',
  'virtualHost',
  'virtualCluster',
] as const;

/** They differ each time, or are made by who sends and reads. */
const CHANCE_HEADERS: ReadonlySet<string> = new Set(['x-request-id', 'content-length', 'transfer-encoding', 'date']);

/** Not part of an observation that does not say it has them (README of `envoy_observed`). */
const VOLATILE_HEADERS: ReadonlySet<string> = new Set([
  ...CHANCE_HEADERS,
  'x-envoy-expected-rq-timeout-ms',
  'x-envoy-attempt-count',
  'x-forwarded-for',
  'x-forwarded-client-cert',
]);

/** All differences of a hop, in the order in which Envoy decides. */
export function compareHop(expected: ObservedHop, got: TraceHop, context: HopContext): Difference[] {
  const found: Difference[] = [];
  const check = (field: string, want: unknown, have: unknown): void => {
    if (want !== undefined && !same(want, have)) found.push({ field: `${context.prefix}.${field}`, expected: want, got: have });
  };
  for (const field of PLAIN_FIELDS) check(field, expected[field], got[field]);
  check('filterChain.index', expected.filterChain?.index, got.filterChain?.index);
  check('filterChain.name', expected.filterChain?.name, got.filterChain?.name);
  check('route.index', expected.route?.index, got.route?.index);
  check('route.name', expected.route?.name, got.route?.name);
  for (const field of expected.none ?? [])
    if (got[field] !== undefined) found.push({ field: `${context.prefix}.${field}`, expected: undefined, got: got[field] });
  found.push(...compareDestination(expected, got, context));
  if (expected.downstream) found.push(...compareConnection(expected.downstream, got.downstream, `${context.prefix}.downstream`));
  if (expected.upstream) found.push(...compareUpstream(expected.upstream, got, `${context.prefix}.upstream`));
  if (expected.mirrors_seen?.length && !got.mirrors?.length) check('mirrors', expected.mirrors_seen, got.mirrors);
  if (expected.mirrored) found.push(...compareMirrors(expected.mirrored, got.mirrors ?? [], context.prefix));
  return found;
}

/** What is copied for certain must have been seen, and nothing else but what may be copied. */
function compareMirrors(seen: readonly string[], said: NonNullable<TraceHop['mirrors']>, prefix: string): Difference[] {
  const certain = said.filter(({ probability }) => probability !== null && probability >= 1);
  const possible = said.filter(({ probability }) => probability !== 0).map(({ cluster }) => cluster);
  const agrees = certain.every(({ cluster }) => seen.includes(cluster)) && seen.every((cluster) => possible.includes(cluster));
  return agrees ? [] : [{ field: `${prefix}.mirrors`, expected: seen, got: said }];
}

/** The chosen cluster may be shown as the aggregate or as its member. */
function compareDestination(expected: ObservedHop, got: TraceHop, { prefix, refused }: HopContext): Difference[] {
  const found: Difference[] = [];
  const silent = refused && got.cluster === undefined;
  if (expected.cluster !== undefined && !silent && expected.cluster !== got.cluster && expected.cluster !== got.member)
    found.push({
      field: `${prefix}.cluster`,
      expected: expected.cluster,
      got: got.member ? `${got.cluster ?? ''}/${got.member}` : got.cluster,
    });
  const address = expected.endpoint?.address;
  if (address !== undefined && !(refused && got.endpoint === undefined) && !sameEndpoint(address, got.endpoint?.address))
    found.push({ field: `${prefix}.endpoint`, expected: address, got: got.endpoint?.address });
  return found;
}

/** A host name cannot be resolved from files: the trace says `dns:host:port` where the observer saw an address. */
function sameEndpoint(expected: string, got: string | undefined): boolean {
  if (expected === got) return true;
  return got !== undefined && got.startsWith('dns:') && got.slice(got.lastIndexOf(':')) === expected.slice(expected.lastIndexOf(':'));
}

function compareUpstream(
  expected: NonNullable<ObservedHop['upstream']>,
  { upstream: got, endpoint }: TraceHop,
  prefix: string,
): Difference[] {
  const host = endpoint?.address;
  if (!got) return [{ field: prefix, expected: 'what is sent on', got: undefined }];
  const found = compareConnection(expected, got, prefix);
  // What was read at the host itself went through nobody.
  const isDirect = expected.http !== undefined && got.through !== host;
  if ((expected.through !== undefined || isDirect) && expected.through !== got.through)
    found.push({ field: `${prefix}.through`, expected: expected.through, got: got.through });
  // A proxy that read the request itself was asked for no tunnel.
  const isBare = !expected.tunnel && expected.through !== undefined && expected.http !== undefined;
  if (isBare && got.tunnel) found.push({ field: `${prefix}.tunnel`, expected: undefined, got: got.tunnel });
  if (!expected.tunnel) return found;
  if (!got.tunnel) return [...found, { field: `${prefix}.tunnel`, expected: expected.tunnel, got: undefined }];
  return [...found, ...compareHttp(expected.tunnel, got.tunnel, `${prefix}.tunnel`)];
}

function compareConnection(expected: ObservedConnection, got: TraceConnection, prefix: string): Difference[] {
  const found: Difference[] = [];
  const check = (field: string, want: unknown, have: unknown): void => {
    if (want !== undefined && !same(want, have)) found.push({ field: `${prefix}.${field}`, expected: want, got: have });
  };
  check('destination', expected.destination, got.destination);
  if (expected.source !== undefined && !sameSource(expected.source, got.source)) check('source', expected.source, got.source);
  const isKnown = (field: 'sni' | 'alpn' | 'transport'): boolean =>
    got.unknown?.some((each) => each === field || each === 'transport') !== true;
  if (isKnown('transport')) check('transport', expected.transport, got.transport);
  // Envoy reads names of servers in small letters.
  if (expected.sni !== undefined && isKnown('sni')) check('sni', (expected.sni ?? '').toLowerCase(), (got.sni ?? '').toLowerCase());
  if (expected.alpn && isKnown('alpn')) check('alpn', expected.alpn, got.alpn ?? []);
  if (expected.principals) check('principals', sorted(expected.principals), sorted(got.principals ?? []));
  if (expected.http) found.push(...compareHttp(expected.http, got.http, `${prefix}.http`));
  return found;
}

/** The observer does not say the client's port. */
function sameSource(expected: string, got: string | undefined): boolean {
  return got !== undefined && (got === expected || hostOf(got) === expected);
}

function hostOf(address: string): string {
  const bracket = address.lastIndexOf(']');
  if (bracket > 0) return address.slice(1, bracket);
  const colon = address.indexOf(':');
  return colon > 0 && colon === address.lastIndexOf(':') ? address.slice(0, colon) : address;
}

function compareHttp(expected: ObservedHttp, got: Partial<TraceHttp> | undefined, prefix: string): Difference[] {
  if (!got) return [{ field: prefix, expected, got: undefined }];
  const found: Difference[] = [];
  const check = (field: string, want: unknown, have: unknown): void => {
    if (want !== undefined && !same(want, have)) found.push({ field: `${prefix}.${field}`, expected: want, got: have });
  };
  check('version', expected.version, got.version);
  // What only the running proxy knows is named, not told.
  const open = new Set(got.unknownHeaders);
  if (!open.has(':method')) check('method', expected.method, got.method);
  check('scheme', expected.scheme, got.scheme);
  check('authority', expected.authority, got.authority);
  if (expected.path !== undefined && !open.has(':path')) check('path', expected.path, got.path ?? '');
  const leftOut = expected.hasVolatile === true ? CHANCE_HEADERS : VOLATILE_HEADERS;
  const told = (headers: readonly (readonly [string, string])[]): string[] =>
    plainHeaders(headers.filter(([name]) => !open.has(name) && !leftOut.has(name.toLowerCase())));
  if (expected.headers) check('headers', told(expected.headers), told(got.headers ?? []));
  return found;
}

/** Order between different names does not matter; between values of one name it does. */
function plainHeaders(headers: readonly (readonly [string, string])[]): string[] {
  const kept = headers.map(([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) => !name.startsWith(':'));
  return kept.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)).map(([name, value]) => `${name}: ${value}`);
}

function sorted(values: readonly string[]): string[] {
  return [...values].sort();
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
