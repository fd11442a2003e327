/** Filters for agents: MCP and A2A (Envoy: source/extensions/filters/http/mcp, a2a, mcp_json_rest_bridge; observed with Envoy 1.40). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues, unknownHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { announcedLength } from '../../http/codec/announcedBody';
import { pathWithoutQuery } from '../../matcher/pathMatcher';
import { say, words } from '../../record/sentence';
import { answer, clearRoute, leaveOpen, pass, tell, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

const BODY = words('the JSON-RPC message in the body');

/** Reads what the body calls; in the mode REJECT_NO_MCP it refuses all other requests. */
export function runMcp(call: FilterCall): HopResult | undefined {
  const { http, config } = call;
  const perRoute = routeConfigOf(http, call.name)?.node;
  const settings = perRoute?.has('traffic_mode') ? perRoute : config;
  if (settings.isEnum('traffic_mode', 'NOOP', 2)) return pass(call, { because: words('it is told to do nothing') });
  const missing = unknownHeader(http.request, http.request.method === 'GET' ? 'accept' : 'content-type');
  if (missing) return leaveOpen(call, say`whether it is an MCP message: ${missing}`);
  if (http.request.method === 'GET' && accepts(http.request, 'text/event-stream'))
    return pass(call, { because: words('it asks for a stream of events') });
  const rejects = settings.isEnum('traffic_mode', 'REJECT_NO_MCP', 1);
  if (!mayBeMessage(http.request))
    return rejects ? refuse(call, 'mcp_reject_no_mcp', 'MCP') : pass(call, { because: words('it is no MCP message') });
  if (rejects) return leaveOpen(call, say`whether ${BODY} is a valid MCP message: others are refused (400)`);
  return readMessage(call, { namespace: 'envoy.filters.http.mcp', clears: (perRoute ?? config).bool('clear_route_cache') === true });
}

/** Reads agent-to-agent messages; in the mode REJECT it refuses all other requests. */
export function runA2a(call: FilterCall): HopResult | undefined {
  const { http, config } = call;
  const rejects = config.isEnum('traffic_mode', 'REJECT', 1);
  const missing = unknownHeader(http.request, 'content-type');
  if (missing) return leaveOpen(call, say`whether it is an A2A message: ${missing}`);
  if (!mayBeMessage(http.request)) {
    if (rejects && !http.request.path.startsWith('/.well-known/')) return refuse(call, 'a2a_filter_reject', 'A2A');
    return rejects
      ? leaveOpen(call, words('whether the request for a card of the agent passes'))
      : pass(call, { because: words('it is no A2A message') });
  }
  if (rejects) return leaveOpen(call, say`whether ${BODY} is a valid A2A message: others are refused (400)`);
  return readMessage(call, { namespace: 'envoy.filters.http.a2a', clears: false });
}

/** Only the paths of its MCP servers are its business. */
export function runMcpBridge(call: FilterCall): HopResult | undefined {
  const path = pathWithoutQuery(call.http.request.path);
  const configs = [call.config.get('tool_config'), ...(routeConfigOf(call.http, call.name)?.node.list('tool_config') ?? [])];
  const paths = new Set(['/mcp', ...configs.flatMap((config) => (config ? serverPaths(config) : []))]);
  if (!paths.has(path)) return pass(call, { because: say`the path is none of ${[...paths]}` });
  return leaveOpen(call, say`${BODY}, from which the new path is made`);
}

function serverPaths(config: ConfigNode): string[] {
  const infos = [config.get('default_server_info'), ...config.list('tools').flatMap((tool) => tool.list('server_info'))];
  return infos.map((info) => info?.string('path') ?? '').filter((path) => path !== '');
}

/** A POST of JSON with a body. */
function mayBeMessage(request: HttpRequest): boolean {
  const type = headerValues(request, 'content-type')[0] ?? '';
  return request.method === 'POST' && type.toLowerCase().startsWith('application/json') && announcedLength(request) !== 0;
}

function accepts(request: HttpRequest, type: string): boolean {
  return headerValues(request, 'accept').join(',').toLowerCase().includes(type);
}

function refuse(call: FilterCall, details: string, protocol: string): HopResult {
  const body = `Only ${protocol} traffic is allowed`;
  return answer(
    call,
    'denied',
    { code: 400, details, body },
    { because: say`it is no ${words(protocol)} message, and only those may pass` },
  );
}

function readMessage(call: FilterCall, { namespace, clears }: { namespace: string; clears: boolean }): HopResult | undefined {
  call.http.metadata.set(namespace, new NotKnown(BODY));
  tell(call, say`filter ${call.name} notes what the message calls`, { because: words('it lets all requests pass') });
  return clears ? clearRoute(call, words('the message may lead elsewhere')) : undefined;
}
