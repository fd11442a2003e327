/** HTTP filters of the upstream side: the cluster's, else the router's (Envoy: source/common/router/upstream_request.cc, UpstreamRequest constructor). */
import type { ConfigNode } from '../../schema/configNode';
import { copyHttpRequest } from '../facts/httpRequest';
import { routerAmong, routerOf } from '../http/routerOf';
import type { Hop, HopResult } from '../hop';
import type { HttpStream } from '../httpStream';
import { runFilter } from '../httpFilters/filterRegistry';
import { disabledByRoute } from '../httpFilters/perRouteConfig';
import { readFilterConfig } from '../network/readFilterConfig';
import { cannotTell } from '../record/hopRecord';
import { say } from '../record/sentence';
import { httpProtocolOptions } from '../cluster/httpVersion';
import type { ForwardTarget } from '../cluster/forwardTarget';

const CODEC = 'envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec';

export type Prepared =
  { readonly kind: 'target'; readonly target: ForwardTarget } | { readonly kind: 'result'; readonly result: HopResult };

/** What goes to the host after they have run; or the answer that one of them gives. */
export function runUpstreamHttpFilters(hop: Hop, cluster: ConfigNode, target: ForwardTarget): Prepared {
  const [top, ...inner] = target.layers;
  if (!hop.http || target.protocol !== 'http' || top?.kind !== 'http') return { kind: 'target', target };
  const filters = filtersOf(hop.http, cluster);
  if (filters.length === 0) return { kind: 'target', target };
  const request = copyHttpRequest(top.request);
  const http: HttpStream = { ...hop.http, request, seesHost: true };
  const own: Hop = { ...hop, http, onResponse: [] };
  const result = runAll(own, http, filters);
  if (result) return { kind: 'result', result };
  // The upstream's answer passes them first.
  http.answer = { isLocal: false, code: undefined, details: 'via_upstream' };
  for (const change of [...(own.onResponse ?? [])].reverse()) change(http.answer, { hop: own, http });
  return { kind: 'target', target: { ...target, layers: [{ ...top, request }, ...inner] } };
}

function filtersOf(http: HttpStream, cluster: ConfigNode): readonly ConfigNode[] {
  const own = httpProtocolOptions(cluster)?.list('http_filters') ?? [];
  if (own.length > 0) return own;
  const router = http.httpFilters ? routerAmong(http.httpFilters) : routerOf(http.manager);
  return router?.list('upstream_http_filters') ?? [];
}

function runAll(hop: Hop, http: HttpStream, filters: readonly ConfigNode[]): HopResult | undefined {
  for (const filter of filters) {
    const name = filter.string('name');
    const found = readFilterConfig(filter, hop.proxy);
    if (found.kind === 'undelivered') return cannotTell(say`the configuration of the upstream filter ${name}, which is delivered by ECDS`);
    const { type, node } = found.config;
    const isOff = disabledByRoute(http, name)?.isDisabled ?? filter.bool('disabled') === true;
    if (type === CODEC || isOff) continue;
    const result = runFilter({ hop, http, name, filter, type, config: node });
    if (result) return result;
  }
  return undefined;
}
