/** The request as it is sent on: headers, then host, then path (Envoy: RouteEntryImplBase::finalizeRequestHeaders). */
import type { ConfigNode } from '../../../schema/configNode';
import { ANY_HEADER, markUnknownHeader, removeHeader, setHeader } from '../../facts/httpRequest';
import { addStep, type Hop } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import { say, words, type Sentence } from '../../record/sentence';
import { portStart } from '../hostPort';
import type { HttpStream } from '../../httpStream';
import { suppressesEnvoyHeaders } from '../routerOf';
import { changeRequestHeaders, changesHeaders, headerHolders, lostHeaders, readHeaderOptions, removedHeaders } from './headerOptions';
import { rewriteHost } from './rewriteHost';
import { rewritePath } from './rewritePath';
import { updateAuthority, type AuthorityChange } from './updateAuthority';

/** Changes the stream's request; gives what is missing where host or path cannot be known. */
export function finalizeRequest(hop: Hop, http: HttpStream, route: ConfigNode): Sentence | undefined {
  const { request } = http;
  const before = { authority: request.authority, path: request.path };
  for (const holder of headerHolders(http)) {
    changeHeaders(hop, http, holder);
    const weightHost = holder === http.clusterWeight ? holder.string('host_rewrite_literal') : '';
    if (weightHost !== '') request.authority = weightHost;
  }
  if (http.connectPort !== undefined && portStart(request.authority) < 0) request.authority += `:${http.connectPort}`;
  const action = route.get('route');
  const keeps = !suppressesEnvoyHeaders(http.manager);
  const missing =
    action && (changeHost(hop, http, { action, keeps }) ?? changePath(hop, http, { action, keeps, match: route.get('match') }));
  tell(hop, http, { before, at: action ?? route });
  return missing;
}

function changeHeaders(hop: Hop, { request }: HttpStream, holder: ConfigNode): void {
  if (!changesHeaders(holder)) return;
  for (const name of removedHeaders(holder, 'request_headers_to_remove')) removeHeader(request, name);
  const lost = lostHeaders(holder, ['request_headers_to_add', 'request_headers_to_remove']);
  if (lost) markUnknownHeader(request, ANY_HEADER, lost);
  const options = readHeaderOptions(holder.list('request_headers_to_add'), matchContextOf(hop));
  if (options.length > 0) changeRequestHeaders(request, options);
}

interface Rewrite {
  readonly action: ConfigNode;
  /** `x-envoy-original-…` is kept. */
  readonly keeps: boolean;
}

function changeHost(hop: Hop, http: HttpStream, { action, keeps }: Rewrite): Sentence | undefined {
  const { request } = http;
  const host = rewriteHost(hop, http, action);
  if (!host) return undefined;
  if (host.kind === 'unknown') return say`the host that the route writes: ${host.missing}`;
  updateAuthority(request, host.value, { keeps, appends: action.bool('append_x_forwarded_host') === true });
  return undefined;
}

function changePath(
  hop: Hop,
  { request }: HttpStream,
  { action, keeps, match }: Rewrite & { match: ConfigNode | undefined },
): Sentence | undefined {
  const path = rewritePath(hop, request.path, { action, match });
  if (!path) return undefined;
  if (path.kind === 'unknown') return say`the path that the route writes: ${path.missing}`;
  if (keeps) setHeader(request, 'x-envoy-original-path', request.path);
  request.path = path.value;
  return undefined;
}

/** `auto_host_rewrite`: what follows when the host is chosen; undefined where the route does not ask for it. */
export function autoHostOf({ manager }: HttpStream, action: ConfigNode | undefined): AuthorityChange | undefined {
  if (action?.bool('auto_host_rewrite') !== true) return undefined;
  return { keeps: !suppressesEnvoyHeaders(manager), appends: action.bool('append_x_forwarded_host') === true };
}

function tell(hop: Hop, { request }: HttpStream, { before, at }: { before: { authority: string; path: string }; at: ConfigNode }): void {
  if (request.authority !== before.authority)
    addStep(hop, {
      stage: 'route',
      decision: say`the host becomes ${request.authority}`,
      because: say`the route rewrites ${before.authority}`,
      at,
    });
  if (request.path !== before.path)
    addStep(hop, {
      stage: 'route',
      decision: say`the path becomes ${request.path}`,
      because: say`the route rewrites ${before.path === '' ? words('nothing') : before.path}`,
      at,
    });
}
