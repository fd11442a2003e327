/** envoy.filters.http.cache and cache_v2 (Envoy: source/extensions/filters/http/{cache,cache_v2}/{cache_filter,cacheability_utils}.cc). */
import { isMissingCluster } from '../../cluster/findCluster';
import { firstUnknownHeader, headerValues, removeHeader, type HttpRequest } from '../../facts/httpRequest';
import type { HopResult } from '../../hop';
import { announcedLength } from '../../http/codec/announcedBody';
import { say, words } from '../../record/sentence';
import { answer, leaveOpen, pass, tell, type FilterCall } from '../filterCall';

/** Requests that an answer could be stored for need a route to a cluster; what is stored no file tells. */
export function runCache(call: FilterCall): HopResult | undefined {
  const { config, http, hop } = call;
  if (config.bool('disabled') === true || !config.has('typed_config'))
    return pass(call, { because: words('it is switched off'), at: config.get('disabled') ?? config });
  const missing = firstUnknownHeader(http.request, BYPASSING);
  if (missing) return leaveOpen(call, say`whether the cache is asked: ${missing}`);
  if (!isCacheable(http.request)) return pass(call, { because: words('no answer could be stored for such a request') });
  const action = http.route?.get('route');
  if (!action)
    return answer(
      call,
      'local_reply',
      { code: 404, details: 'cache_no_route' },
      { because: words('the route leads to no cluster, and the cache asks for one'), at: http.route },
    );
  if (isMissingCluster(hop, http.clusterName ?? ''))
    return answer(
      call,
      'local_reply',
      { code: 503, details: 'cache_no_cluster' },
      { because: say`the cluster ${http.clusterName ?? ''} of the route does not exist`, at: action },
    );
  tell(call, say`filter ${call.name} sends the request by itself`, {
    because: words('what it has not stored it asks the cluster of the route for; later filters and the router do not see the request'),
    at: action,
  });
  // The second cache asks for the whole, and cuts the range out of the answer (cache_v2/cache_sessions_impl.cc).
  if (call.type.includes('.cache_v2.') && http.request.method === 'GET') removeHeader(http.request, 'range');
  http.isSentByFilter = true;
  return undefined;
}

/** Even without a value. */
const BYPASSING = ['authorization', 'if-none-match', 'if-modified-since', 'if-range'];

/** CacheabilityUtils::canServeRequestFromCache; a request with a body passes by. */
function isCacheable(request: HttpRequest): boolean {
  const isPlain = (request.method === 'GET' || request.method === 'HEAD') && announcedLength(request) === 0;
  return isPlain && BYPASSING.every((name) => headerValues(request, name).length === 0);
}
