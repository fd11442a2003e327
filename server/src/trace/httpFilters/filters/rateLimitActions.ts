/** Actions of rate limits: each gives an entry of the descriptor, nothing, or spoils the descriptor (Envoy: source/common/router/router_ratelimit.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { NotKnown } from '../../facts/notKnown';
import { knownHeader } from '../../facts/httpRequest';
import { testHeader } from '../../http/routeMatch/headerMatcher';
import { firstQueryValues, testQueryParameter } from '../../http/routeMatch/queryParameterMatcher';
import { clientAddress } from '../../facts/peerAddress';
import { followPath } from '../../matcher/inputs/httpInputs';
import { testRange } from '../../rbac/testRange';
import { words } from '../../record/sentence';
import type { Verdict } from '../../verdict';
import type { FilterCall } from '../filterCall';

type Outcome = 'entry' | 'nothing' | 'spoilt' | 'unknown';
type Action = (action: ConfigNode, call: FilterCall) => Outcome;

/** False where the rate limit certainly yields no descriptor for the request: an action spoils it. One without entries is a descriptor, too. */
export function mayYieldDescriptor(call: FilterCall, limit: ConfigNode): boolean {
  return limit.list('actions').every((action) => outcomeOf(action, call) !== 'spoilt');
}

function outcomeOf(action: ConfigNode, call: FilterCall): Outcome {
  for (const [field, read] of ACTIONS) {
    const given = action.get(field);
    if (given) return read(given, call);
  }
  return 'unknown';
}

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['source_cluster', () => 'entry'],
  ['destination_cluster', () => 'entry'],
  ['generic_key', () => 'entry'],
  ['remote_address', ofAddress],
  ['masked_remote_address', ofAddress],
  ['remote_address_match', ofAddressMatch],
  [
    'request_headers',
    (action, { http: { request } }) => {
      const values = knownHeader(request, action.string('header_name'));
      return values instanceof NotKnown ? 'unknown' : found(action, values[0]);
    },
  ],
  ['query_parameters', (action, { http }) => found(action, firstQueryValues(http.request.path).get(action.string('query_parameter_name')))],
  ['dynamic_metadata', (action, { http }) => ofMetadata(action, http.metadata.get(namespaceOf(action)))],
  ['metadata', ofAnyMetadata],
  [
    'header_value_match',
    (action, { http }) =>
      expected(
        action,
        action.list('headers').map((matcher) => testHeader(matcher, http.request)),
      ),
  ],
  [
    'query_parameter_value_match',
    (action, { http }) => {
      const query = firstQueryValues(http.request.path);
      return expected(
        action,
        action.list('query_parameters').map((matcher) => testQueryParameter(matcher, query)),
      );
    },
  ],
]);

function ofAddress(_: ConfigNode, { hop }: FilterCall): Outcome {
  return clientAddress(hop) === 'none' ? 'spoilt' : 'entry';
}

/** Counts only where the address is in a range, or in none with `invert_match` (RemoteAddressMatchAction::populateDescriptor). */
function ofAddressMatch(action: ConfigNode, { hop }: FilterCall): Outcome {
  const address = clientAddress(hop);
  if (address === 'none') return 'spoilt';
  const matcher = action.get('address_matcher');
  const kinds = (matcher?.list('ranges') ?? []).map((range) => testRange(range, words('remote address'), address).kind);
  if (!kinds.includes('yes') && kinds.includes('unknown')) return 'unknown';
  return kinds.includes('yes') === (matcher?.bool('invert_match') !== true) ? 'entry' : 'spoilt';
}

function found(action: ConfigNode, value: string | undefined): Outcome {
  if (value !== undefined) return 'entry';
  return action.bool('skip_if_absent') === true ? 'nothing' : 'spoilt';
}

function expected(action: ConfigNode, tests: readonly Verdict[]): Outcome {
  const wanted = action.bool('expect_match') !== false;
  const isNo = tests.some(({ kind }) => kind === 'no');
  if (!isNo && tests.some(({ kind }) => kind === 'unknown')) return 'unknown';
  return !isNo === wanted ? 'entry' : 'spoilt';
}

function namespaceOf(action: ConfigNode): string {
  return action.get('metadata_key')?.string('key') ?? '';
}

/** Of the request, or of the route (`source: ROUTE_ENTRY`). */
function ofAnyMetadata(action: ConfigNode, call: FilterCall): Outcome {
  if (!action.isEnum('source', 'ROUTE_ENTRY', 1)) return ofMetadata(action, call.http.metadata.get(namespaceOf(action)));
  const metadata = call.http.route?.path('metadata', 'filter_metadata')?.entry(namespaceOf(action));
  return ofMetadata(action, metadata?.toValue());
}

/** Only texts count. */
function ofMetadata(action: ConfigNode, values: unknown): Outcome {
  const path =
    action
      .get('metadata_key')
      ?.list('path')
      .map((segment) => segment.string('key')) ?? [];
  const value = followPath(values, path);
  if (value instanceof NotKnown) return 'unknown';
  const isThere = (typeof value === 'string' && value !== '') || action.string('default_value') !== '';
  return found(action, isThere ? '' : undefined);
}
