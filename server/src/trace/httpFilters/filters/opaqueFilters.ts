/** HTTP filters whose decision is made by a program or a service: what they could change is said, and the trace ends there. */
import { say, words } from '../../record/sentence';
import { leaveOpen, type HttpFilter } from '../filterCall';

const HTTP = 'envoy.extensions.filters.http';
const ANYTHING = 'it may answer by itself, or change the request and so its route';

const WHO_DECIDES: readonly (readonly [type: string, who: string, could: string])[] = [
  [`${HTTP}.a2a.v3.A2a`, 'the rules on agent-to-agent messages', 'it reads the body and may refuse the request'],
  [`${HTTP}.ai_protocol_manager.v3.AiProtocolManager`, 'the AI protocol manager', ANYTHING],
  [`${HTTP}.dynamic_modules.v3.DynamicModuleFilter`, 'the dynamic module', ANYTHING],
  [`${HTTP}.file_server.v3.FileServerConfig`, 'the file server', 'it answers with a file of its machine where the path leads to one'],
  [`${HTTP}.geoip.v3.Geoip`, 'the geolocation database', "it writes headers on the client's place, which later filters may read"],
  [`${HTTP}.golang.v3alpha.Config`, 'the Go plugin', ANYTHING],
  [`${HTTP}.mcp.v3.Mcp`, 'the rules on MCP messages', 'it reads the body and may refuse the request'],
  [
    `${HTTP}.mcp_json_rest_bridge.v3.McpJsonRestBridge`,
    'the bridge from MCP to REST',
    'it reads the body, from which the new path is made',
  ],
  [`${HTTP}.mcp_router.v3.McpRouter`, 'the MCP router', 'it reads the body, which says to which backends the request goes'],
  [`${HTTP}.rate_limit_quota.v3.RateLimitQuotaFilterConfig`, 'the rate limit quota service', 'without quota the answer is 429'],
  [`${HTTP}.reverse_conn.v3.ReverseConn`, 'the reverse connection', ANYTHING],
  [`${HTTP}.transform.v3.TransformConfig`, 'the transformation of headers and body', 'it may have the route looked up again'],
  ['istio.authentication.v1alpha1.Policy', "Istio's old authentication policy", 'it may refuse the request (401)'],
  ['istio.envoy.config.filter.http.jwt_auth.v2alpha1.JwtAuthentication', "Istio's old JWT filter", 'it may refuse the request (401)'],
];

export const opaqueFilters: readonly (readonly [string, HttpFilter])[] = WHO_DECIDES.map(([type, who, could]) => {
  const missing = say`what ${words(who)} does: ${words(could)}`;
  return [type, (call) => leaveOpen(call, missing)];
});
