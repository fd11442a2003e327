/** Conditions on the request: a network filter sees no header and no path, so that none of them holds there. */
import type { ConfigNode } from '../../schema/configNode';
import { testHeader } from '../http/routeMatch/headerMatcher';
import { testMetadata } from '../matcher/metadataMatcher';
import { testPath } from '../matcher/pathMatcher';
import { words } from '../record/sentence';
import { isGuardOn } from '../runtime/isGuardOn';
import { no, type Verdict } from '../verdict';
import { rbacPath } from './rbacPath';
import type { RbacContext } from './rbacDecision';

export function testRequestHeader(matcher: ConfigNode, { hop, http }: RbacContext): Verdict {
  return http
    ? testHeader(matcher, http.request, !isGuardOn(hop, 'rbac_match_headers_individually', [1, 38]))
    : no(words('a network filter sees no headers'), matcher);
}

export function testRequestPath(matcher: ConfigNode, context: RbacContext): Verdict {
  const path = rbacPath(context);
  if (path !== undefined) return testPath(matcher, path);
  return no(context.http ? words('the request has no path') : words('a network filter sees no path'), matcher);
}

/** Dynamic metadata of the request, or of the connection. */
export function testStreamMetadata(matcher: ConfigNode, { connection, http }: RbacContext): Verdict {
  return testMetadata(matcher, http?.metadata ?? connection.metadata);
}

/** `SourcedMetadata`: dynamic metadata, or the route's. */
export function testSourcedMetadata(sourced: ConfigNode, context: RbacContext): Verdict {
  const matcher = sourced.get('metadata_matcher');
  if (!matcher) return no(words('the metadata matcher is empty'), sourced);
  if (!sourced.isEnum('metadata_source', 'ROUTE', 1)) return testStreamMetadata(matcher, context);
  const route = context.http?.route;
  if (!route) return no(words('there is no route whose metadata could fit'), matcher);
  const entries = route.path('metadata', 'filter_metadata')?.entries() ?? [];
  return testMetadata(matcher, new Map(entries.map(([namespace, value]) => [namespace, value.toValue()])));
}
