/** Fragment, escaped slashes, dot segments, merged slashes (Envoy: ConnectionManagerUtility::maybeNormalizePath, path_utility.cc). */
import { addStep, type Hop, type HopResult } from '../../hop';
import { say, words, type Sentence } from '../../record/sentence';
import { readRuntime, runtimeFlag } from '../../runtime/readRuntime';
import type { HttpStream } from '../../httpStream';
import { isGrpcContentType, localReply } from '../localReply/localReply';
import { canonicalPath } from './canonicalPath';

const DETAILS = 'path_normalization_failed';

export function normalisePath(hop: Hop, http: HttpStream): HopResult | undefined {
  const { request } = http;
  if (request.path === '') return undefined;
  const before = request.path;
  const fragment = request.path.indexOf('#');
  if (fragment >= 0) {
    if (runtimeFlag(hop, 'envoy.reloadable_features.http_reject_path_with_fragment', true))
      return refuse(hop, words('its path has a fragment'));
    request.path = request.path.slice(0, fragment);
  }
  const action = escapedSlashesAction(hop, http);
  const isUnescaped = action !== 'KEEP_UNCHANGED' && unescapeSlashes(http);
  if (isUnescaped && action === 'REJECT_REQUEST') return refuse(hop, words('its path has escaped slashes'));
  if (normalises(hop, http)) {
    const canonical = changePath(request.path, canonicalPath);
    if (canonical === undefined) return refuse(hop, words('its path has an escaped null character'));
    request.path = canonical;
  }
  if (http.manager.bool('merge_slashes') === true) request.path = changePath(request.path, mergeSlashes) ?? request.path;
  if (isUnescaped && action === 'UNESCAPE_AND_REDIRECT') return redirect(hop, http);
  if (request.path !== before)
    addStep(hop, {
      stage: 'http_connection',
      decision: say`the path becomes ${request.path}`,
      because: say`the connection manager normalises ${before}`,
      at: http.manager,
    });
  return undefined;
}

function refuse(hop: Hop, because: Sentence): HopResult {
  addStep(hop, { stage: 'http_connection', decision: words('the request is refused with 400'), because, at: hop.http?.manager });
  return localReply(hop, 'bad_request', { code: 400, details: DETAILS });
}

/** gRPC clients follow no redirects: they get 400. */
function redirect(hop: Hop, http: HttpStream): HopResult {
  if (isGrpcContentType(http.request)) return refuse(hop, words('its path has escaped slashes, and gRPC is not redirected'));
  addStep(hop, {
    stage: 'http_connection',
    decision: say`the client is redirected to ${http.request.path}`,
    because: words('its path has escaped slashes (UNESCAPE_AND_REDIRECT)'),
    at: http.manager.get('path_with_escaped_slashes_action'),
  });
  return localReply(hop, 'redirect', { code: 307, details: DETAILS, location: http.request.path });
}

/** `PathWithEscapedSlashesAction` by number. */
const ACTIONS = ['IMPLEMENTATION_SPECIFIC_DEFAULT', 'KEEP_UNCHANGED', 'REJECT_REQUEST', 'UNESCAPE_AND_REDIRECT', 'UNESCAPE_AND_FORWARD'];

function escapedSlashesAction(hop: Hop, { manager }: HttpStream): string {
  const action = manager.enumValue('path_with_escaped_slashes_action', ACTIONS);
  if (action !== 'IMPLEMENTATION_SPECIFIC_DEFAULT') return action ?? manager.enumName('path_with_escaped_slashes_action');
  const { value } = readRuntime(hop, 'http_connection_manager.path_with_escaped_slashes_action');
  const set = typeof value === 'number' ? ACTIONS[value] : undefined;
  return set === undefined || set === 'IMPLEMENTATION_SPECIFIC_DEFAULT' ? 'KEEP_UNCHANGED' : set;
}

function normalises(hop: Hop, { manager }: HttpStream): boolean {
  return manager.bool('normalize_path') ?? runtimeFlag(hop, 'http_connection_manager.normalize_path', false);
}

/** True when something was unescaped. */
function unescapeSlashes({ request }: HttpStream): boolean {
  const changed = changePath(request.path, (path) => path.replace(/%2f/gi, '/').replace(/%5c/gi, '\\')) ?? request.path;
  const isChanged = changed !== request.path;
  request.path = changed;
  return isChanged;
}

/** A path of nothing but slashes keeps two: the first and the last. */
function mergeSlashes(path: string): string {
  return /^\/{2,}$/.test(path) ? '//' : path.replace(/\/{2,}/g, '/');
}

/** Changes the part before the query only. */
function changePath(path: string, change: (path: string) => string | undefined): string | undefined {
  const query = path.indexOf('?');
  const changed = change(query < 0 ? path : path.slice(0, query));
  return changed === undefined ? undefined : changed + (query < 0 ? '' : path.slice(query));
}
