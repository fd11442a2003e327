/** The transport socket for a host: matches by endpoint metadata, a matcher, or the cluster's own (Envoy: source/common/upstream/transport_socket_match_impl.cc). */
import type { ConfigNode } from '../../schema/configNode';
import { keepsBack } from '../../schema/keptBack';
import type { Host } from '../cluster/discovery/host';
import { sameValue } from '../facts/sameValue';
import type { Hop } from '../hop';
import { evaluateLossy } from '../matcher/evaluateMatcher';
import { findLostActions } from '../matcher/lostActions';
import { matchContextOf } from '../matcher/matchContext';
import { actionName } from '../matcher/matcherActions';
import type { Rejected } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';

export type SocketChoice =
  /** `node`: `core.v3.TransportSocket`; undefined is a raw buffer. */
  | {
      readonly kind: 'socket';
      readonly node: ConfigNode | undefined;
      /** Of the entry in `transport_socket_matches`. Example: `tlsMode-istio` */
      readonly name: string | undefined;
      readonly because: Sentence;
      readonly rejected: readonly Rejected[];
    }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

const MATCH_NAMESPACE = 'envoy.transport_socket_match';

/** `host` undefined: of no endpoint (ORIGINAL_DST, dynamic forward proxy), which has no metadata. */
export function chooseTransportSocket(hop: Hop, cluster: ConfigNode, host: Host | undefined): SocketChoice {
  const byDefault = cluster.get('transport_socket') ?? cluster.get('tls_context');
  const matches = cluster.list('transport_socket_matches');
  const matcher = cluster.get('transport_socket_matcher');
  if (matcher) return byMatcher(hop, { matcher, matches, host, byDefault });
  const isCut = cluster.get('transport_socket_matches')?.isIncomplete === true;
  if (matches.length === 0 && !isCut)
    return ofCluster(byDefault, words(byDefault ? 'the cluster says so' : 'the cluster has no transport socket'));
  const choice = findHidden(matches, host) ?? firstMatch(matches, host);
  if (choice) return choice;
  if (isCut) return { kind: 'unknown', missing: words('the entries of transport_socket_matches that the file leaves out') };
  return ofCluster(byDefault, words('no match fits the metadata of the endpoint: the cluster itself decides'), matches.map(rejectMatch));
}

function ofCluster(node: ConfigNode | undefined, because: Sentence, rejected: readonly Rejected[] = []): SocketChoice {
  return { kind: 'socket', node, name: undefined, because, rejected };
}

/** The file keeps back what is compared. */
function findHidden(matches: readonly ConfigNode[], host: Host | undefined): SocketChoice | undefined {
  if (matches.some((match) => keepsBack(match.get('match') ?? match)))
    return { kind: 'unknown', missing: words('the conditions of transport_socket_matches, of which the file leaves out a part') };
  if (!host?.metadata || !keepsBack(host.metadata)) return undefined;
  return { kind: 'unknown', missing: words("the endpoint's metadata, which the file leaves out and which chooses the transport socket") };
}

/** By the metadata of the endpoint; where no match fits that, by its locality's. */
function firstMatch(matches: readonly ConfigNode[], host: Host | undefined): SocketChoice | undefined {
  for (const [metadata, whose] of [
    [host?.metadata, words('the endpoint')],
    [host?.locality.metadata, words("the endpoint's locality")],
  ] as const) {
    const index = matches.findIndex((match) => matchesMetadata(match, metadata));
    const match = matches[index];
    if (!match) continue;
    const because = whyMatch(match, whose);
    const rejected = matches.slice(0, index).map(rejectMatch);
    return { kind: 'socket', node: match.get('transport_socket'), name: match.string('name'), because, rejected };
  }
  return undefined;
}

/** Every key and value of `match` in the metadata; an empty match fits everything. */
function matchesMetadata(match: ConfigNode, metadata: ConfigNode | undefined): boolean {
  const labels = metadata?.get('filter_metadata')?.entry(MATCH_NAMESPACE);
  return match.map('match').every(([key, value]) => {
    const own = labels?.entry(key);
    return own !== undefined && sameValue(own.toValue(), value.toValue());
  });
}

function whyMatch(match: ConfigNode, whose: Sentence): Sentence {
  const labels = match.map('match').map(([key, value]) => `${key}: ${value.asString() ?? ''}`);
  return labels.length === 0
    ? say`match ${match.string('name')} fits every endpoint`
    : say`${whose} has ${labels} (match ${match.string('name')})`;
}

function rejectMatch(match: ConfigNode): Rejected {
  const labels = match.map('match').map(([key, value]) => `${key}: ${value.asString() ?? ''}`);
  return { candidate: say`match ${match.string('name')}`, because: say`the endpoint has not got ${labels}`, at: match };
}

interface MatcherQuestion {
  readonly matcher: ConfigNode;
  readonly matches: readonly ConfigNode[];
  readonly host: Host | undefined;
  readonly byDefault: ConfigNode | undefined;
}

const findLost = findLostActions();

/** `transport_socket_matcher`: its action names an entry of `transport_socket_matches`. */
function byMatcher(hop: Hop, { matcher, matches, host, byDefault }: MatcherQuestion): SocketChoice {
  const endpoint = { metadata: host?.metadata, localityMetadata: host?.locality.metadata };
  const result = evaluateLossy(matcher, { ...matchContextOf(hop), endpoint }, findLost);
  if (result.kind === 'insufficient') return { kind: 'unknown', missing: result.missing };
  const name = result.kind === 'match' ? actionName(result.action) : undefined;
  const named = name === undefined ? undefined : matches.find((match) => match.string('name') === name);
  if (named) return { kind: 'socket', node: named.get('transport_socket'), name, because: result.because, rejected: [] };
  return ofCluster(byDefault, say`the transport socket matcher names none: ${result.because}`);
}
