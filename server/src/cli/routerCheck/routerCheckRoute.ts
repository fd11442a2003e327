/** What the tool does with a chosen route before it checks anything (RouterCheckTool::finalizeHeaders, sendLocalReply). */
import { encodeUtf8 } from '../../text/encoding';
import type { ConfigNode } from '../../schema/configNode';
import type { RoutedRequest } from '../../trace/http/routeConfiguration/matchRouteConfiguration';
import type { HttpStream } from '../../trace/httpStream';
import { directBody } from '../../trace/http/route/answerDirectly';
import { finalizeRequest } from '../../trace/http/route/finalizeRequest';
import {
  applyHeaderOptions,
  headerHolders,
  readHeaderOptions,
  removedHeaders,
  type HeaderList,
} from '../../trace/http/route/headerOptions';
import { newLocation } from '../../trace/http/route/newLocation';
import { codeOfRedirect } from '../../trace/http/route/redirectRequest';
import { rewriteByPrefixOrRegex } from '../../trace/http/route/rewritePath';
import { matchContextOf } from '../../trace/matcher/matchContext';
import type { Hop } from '../../trace/hop';

export interface CheckedRoute {
  readonly http: HttpStream;
  /** The route is a route entry: neither redirect nor direct response. */
  readonly forwards: boolean;
  /** Where a redirect or direct response would lead; '' for others. */
  readonly newUri: string;
  /** Of a redirect or direct response; 0 for others. */
  readonly code: number;
  readonly responseHeaders: HeaderList;
}

export function finalizeHeaders({ hop, http }: RoutedRequest, responseHeaders: HeaderList): CheckedRoute {
  const { route } = http;
  if (http.redirectsToTls) {
    const newUri = `https://${http.request.authority}${http.request.path}`;
    return { http, forwards: false, newUri, code: 301, responseHeaders: [...responseHeaders, [':status', '301']] };
  }
  if (!route) return { http, forwards: false, newUri: '', code: 0, responseHeaders };
  const answer = route.get('redirect') ?? route.get('direct_response');
  if (answer) return answerOf(hop, http, { route, answer, responseHeaders });
  finalizeRequest(hop, http, route);
  return { http, forwards: true, newUri: '', code: 0, responseHeaders: changeHeaders(hop, http, responseHeaders) };
}

interface Answer {
  readonly route: ConfigNode;
  readonly answer: ConfigNode;
  readonly responseHeaders: HeaderList;
}

function answerOf(hop: Hop, http: HttpStream, { route, answer, responseHeaders }: Answer): CheckedRoute {
  const redirect = route.get('redirect');
  const before = http.request.path;
  const path = redirect && rewriteByPrefixOrRegex(before, { action: redirect, match: route.get('match') });
  if (path !== undefined) {
    http.request.headers = [...http.request.headers, ['x-envoy-original-path', before]];
    http.request.path = path;
  }
  const code = redirect ? codeOfRedirect(redirect) : (answer.number('status') ?? 0);
  const body = redirect ? '' : (directBody(hop, answer) ?? '');
  const length = encodeUtf8(body).length;
  const ownHeaders: HeaderList = [
    [':status', String(code)],
    ...(length > 0
      ? ([
          ['content-length', String(length)],
          ['content-type', 'text/plain'],
        ] as HeaderList)
      : []),
  ];
  return {
    http,
    forwards: false,
    newUri: newLocation(http, redirect),
    code,
    responseHeaders: changeHeaders(hop, http, [...responseHeaders, ...ownHeaders]),
  };
}

/** `response_headers_to_add` and `…_to_remove` on headers that are known. */
function changeHeaders(hop: Hop, http: HttpStream, headers: HeaderList): HeaderList {
  let changed = headers;
  for (const holder of headerHolders(http)) {
    const removed = removedHeaders(holder, 'response_headers_to_remove');
    changed = changed.filter(([name]) => !removed.includes(name));
    changed = applyHeaderOptions(changed, readHeaderOptions(holder.list('response_headers_to_add'), matchContextOf(hop)));
  }
  return changed;
}
