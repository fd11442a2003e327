/** envoy.filters.http.file_server (Envoy: source/extensions/filters/http/file_server; observed with Envoy 1.40). */
import type { HopResult } from '../../hop';
import { pathWithoutQuery } from '../../matcher/pathMatcher';
import { say, words } from '../../record/sentence';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** Paths that it maps are answered with files, which only its machine has; others pass. */
export function runFileServer(call: FilterCall): HopResult | undefined {
  const config = routeConfigOf(call.http, call.name)?.node ?? call.config;
  const { method, path } = call.http.request;
  const mapping = config.list('path_mappings').find((each) => pathWithoutQuery(path).startsWith(each.string('request_path_prefix')));
  if (!mapping) return pass(call, { because: words('it has no files for the path'), at: config });
  if (method !== 'GET' && method !== 'HEAD')
    return answer(
      call,
      'local_reply',
      { code: 405, details: 'file_server_rejected_method', body: 'Method Not Allowed' },
      { because: say`files are not for ${method}`, at: mapping },
    );
  return leaveOpen(call, say`the files under ${mapping.string('file_path_prefix')} of the machine`, { at: mapping });
}
