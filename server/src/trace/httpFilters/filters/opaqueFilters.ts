/** HTTP filters whose decision is made by a program or a service: what they could change is said, and the trace ends there. */
import { say, words } from '../../record/sentence';
import { leaveOpen, type HttpFilter } from '../filterCall';

const HTTP = 'envoy.extensions.filters.http';
const ANYTHING = 'it may answer by itself, or change the request and so its route';

const WHO_DECIDES: readonly (readonly [type: string, who: string, could: string])[] = [
  [`${HTTP}.ai_protocol_manager.v3.AiProtocolManager`, 'the AI protocol manager', ANYTHING],
  [`${HTTP}.dynamic_modules.v3.DynamicModuleFilter`, 'the dynamic module', ANYTHING],
  [`${HTTP}.checksum.v3alpha.ChecksumConfig`, 'the checksum of the body', 'where it is another than expected, the answer is 403'],
  [`${HTTP}.golang.v3alpha.Config`, 'the Go plugin', ANYTHING],
  [`${HTTP}.mcp_router.v3.McpRouter`, 'the MCP router', 'it reads the body, which says to which backends the request goes'],
  [`${HTTP}.reverse_conn.v3.ReverseConn`, 'the reverse connection', ANYTHING],
  ['istio.authentication.v1alpha1.Policy', "Istio's old authentication policy", 'it may refuse the request (401)'],
  ['istio.envoy.config.filter.http.jwt_auth.v2alpha1.JwtAuthentication', "Istio's old JWT filter", 'it may refuse the request (401)'],
];

export const opaqueFilters: readonly (readonly [string, HttpFilter])[] = WHO_DECIDES.map(([type, who, could]) => {
  const missing = say`what ${words(who)} does: ${words(could)}`;
  return [type, (call) => leaveOpen(call, missing)];
});
