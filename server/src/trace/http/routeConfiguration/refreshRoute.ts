/** Finds route configuration, virtual host, route and cluster; again whenever a filter clears the cached route (Envoy: ActiveStream::refreshCachedRoute). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import { headerValues, unknownHeader } from '../../facts/httpRequest';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import { chooseRoute } from './chooseRoute';
import { takeRoute } from './takeRoute';
import { chooseRouteConfiguration, configurationWords } from './chooseRouteConfiguration';
import { chooseVirtualHost } from './chooseVirtualHost';
import { hasOnDemand } from './hasOnDemand';
import { limitStream } from '../limitStream';
import type { HttpStream } from '../../httpStream';
import { withMaker } from '../../record/makerOf';
import { requireTls } from './requireTls';

/** Looks the route up anew by the request as it is now. Ends only where nobody can tell; without a route the stream has none. */
export function refreshRoute(hop: Hop): HopResult | undefined {
  const { http } = hop;
  if (!http) return undefined;
  forgetRoute(hop, http);
  // A filter may have changed or removed it.
  http.forwardedProto = headerValues(http.request, 'x-forwarded-proto').join(',');
  if (hop.assumed?.route) return assumeRoute(hop, http, hop.assumed.route);
  const choice = chooseRouteConfiguration(hop, http);
  if (choice.kind === 'unknown') return cannotTell(choice.missing);
  if (choice.kind === 'none') return undefined;
  return routeInConfiguration(hop, choice.node);
}

/** Looks the route up where a filter has had it forgotten (Envoy: ActiveStream::route after clearRouteCache). */
export function freshRoute(hop: Hop): HopResult | undefined {
  if (hop.http?.hasStaleRoute !== true) return undefined;
  hop.http.hasStaleRoute = false;
  return refreshRoute(hop) ?? limitStream(hop, hop.http);
}

/** The same where the trace begins at a route configuration, or in it. */
export function routeWithin(hop: Hop, routeConfiguration: ConfigNode): HopResult | undefined {
  const { http, assumed } = hop;
  return http && assumed?.route ? assumeRoute(hop, http, assumed.route) : routeInConfiguration(hop, routeConfiguration);
}

/** The same within a route configuration that is given. */
export function routeInConfiguration(hop: Hop, routeConfiguration: ConfigNode): HopResult | undefined {
  const { http } = hop;
  if (!http) return undefined;
  http.routeConfiguration = routeConfiguration;
  const assumed = hop.assumed?.virtualHost;
  if (assumed) tellVirtualHost(hop, http, assumed);
  else {
    const result = findVirtualHost(hop, http, routeConfiguration);
    if (result) return result;
  }
  if (!http.virtualHost || lacksScheme(hop, http)) return undefined;
  const toTls = requireTls(hop, http, http.virtualHost);
  if (typeof toTls === 'object') return cannotTell(toTls.missing);
  return toTls ? undefined : chooseRoute(hop, http, http.virtualHost);
}

/** An empty or missing x-forwarded-proto leaves a request without route (Envoy: VirtualHostImpl::getRouteFromEntries). */
function lacksScheme(hop: Hop, http: HttpStream): boolean {
  if (http.forwardedProto !== '') return false;
  addStep(hop, {
    stage: 'route',
    decision: words('no route takes the request'),
    because: words('x-forwarded-proto is empty or missing'),
    at: http.virtualHost,
  });
  return true;
}

function forgetRoute(hop: Hop, http: HttpStream): void {
  http.routeConfiguration = undefined;
  http.virtualHost = undefined;
  http.route = undefined;
  http.clusterName = undefined;
  http.clusterWeight = undefined;
  http.redirectsToTls = undefined;
  hop.record.virtualHost = undefined;
  hop.record.route = undefined;
}

function findVirtualHost(hop: Hop, http: HttpStream, routeConfiguration: ConfigNode): HopResult | undefined {
  const missing = unknownHeader(http.request, routeConfiguration.string('vhost_header') || 'host');
  if (missing) return cannotTell(say`the host by which a virtual host is chosen: ${missing}`);
  const choice = chooseVirtualHost(routeConfiguration, http.request);
  const isCertain = choice.kind === 'found' && choice.isExact;
  if (!isCertain && mayLackEntries(routeConfiguration, 'virtual_hosts'))
    return cannotTell(say`the virtual hosts of ${configurationWords(routeConfiguration)} that the file leaves out`);
  if (!isCertain && hidesDomains(routeConfiguration))
    return cannotTell(say`the domains of a virtual host of ${configurationWords(routeConfiguration)}, which the file keeps back`);
  if (choice.kind === 'found') {
    http.virtualHost = choice.virtualHost;
    hop.record.virtualHost = choice.virtualHost.string('name');
    addStep(hop, {
      stage: 'virtual_host',
      decision: say`virtual host ${choice.virtualHost.string('name')} is chosen`,
      because: withMaker(choice.because, choice.virtualHost),
      at: choice.domain,
      rejected: choice.rejected,
    });
    return undefined;
  }
  if (routeConfiguration.has('vhds') && hasOnDemand(http.manager))
    return cannotTell(say`whether VHDS adds a virtual host for ${http.request.authority} when the request arrives`);
  addStep(hop, {
    stage: 'virtual_host',
    decision: words('no virtual host is chosen'),
    because: choice.because,
    at: routeConfiguration.get('virtual_hosts') ?? routeConfiguration,
    ...(choice.rejected && { rejected: choice.rejected }),
  });
  return undefined;
}

const hidesDomains: (routeConfiguration: ConfigNode) => boolean = memoizeByNode((routeConfiguration) =>
  routeConfiguration.list('virtual_hosts').some((virtualHost) => {
    const domains = virtualHost.get('domains');
    return domains ? keepsBack(domains) : virtualHost.isIncomplete;
  }),
);

function tellVirtualHost(hop: Hop, http: HttpStream, virtualHost: ConfigNode): void {
  http.virtualHost = virtualHost;
  hop.record.virtualHost = virtualHost.string('name');
  addStep(hop, {
    stage: 'virtual_host',
    decision: say`virtual host ${virtualHost.string('name')} is taken`,
    because: words('the trace begins here'),
    at: virtualHost,
    assumed: true,
  });
}

/** "Trace from here" at a route: virtual host and route configuration are the ones around it. */
function assumeRoute(hop: Hop, http: HttpStream, route: ConfigNode): HopResult | undefined {
  const virtualHost = hop.assumed?.virtualHost ?? virtualHostAround(route);
  http.routeConfiguration = virtualHost?.parent?.parent;
  if (http.routeConfiguration) hop.record.routeConfiguration = http.routeConfiguration.string('name');
  if (virtualHost) tellVirtualHost(hop, http, virtualHost);
  return takeRoute(hop, http, { route, virtualHost, because: words('the trace begins here'), rejected: [], assumed: true });
}

const MAX_DEPTH = 100;

function virtualHostAround(route: ConfigNode): ConfigNode | undefined {
  let node = route.parent;
  for (let depth = 0; node && depth < MAX_DEPTH; depth++, node = node.parent) if (node.isObject && node.has('domains')) return node;
  return undefined;
}
