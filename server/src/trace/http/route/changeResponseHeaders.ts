/** What the configuration does to the response's headers: shown as changes, since the response itself is not known. */
import type { ConfigNode } from '../../../schema/configNode';
import { ANY_HEADER } from '../../facts/httpRequest';
import type { Hop } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import type { HttpStream } from '../../httpStream';
import { doubtHeader, recordAddedHeaders, recordHeaderChange, replayChanges } from '../recordHeaderChange';
import { changesHeaders, headerHolders, lostHeaders, readHeaderOptions, removedHeaders } from './headerOptions';

/** Of the weighted cluster, the route, the virtual host and the route configuration (Envoy: finalizeResponseHeaders). */
export function changeResponseHeadersOfRoute(hop: Hop, http: HttpStream, isLocal: boolean): void {
  if (http.hasRouteHeaders === true) return;
  http.hasRouteHeaders = true;
  // What filters write on the answer comes after it (Envoy: filter_manager.cc finalizeHeaders, before a filter's own modify_headers).
  const ofFilters = { ...http.responseHeaders };
  Object.assign(http.responseHeaders, { set: [], append: [], remove: [] });
  delete http.responseHeaders.uncertain;
  const holders = headerHolders(http).filter(changesHeaders);
  changeResponseHeaders(hop, holders, { add: 'response_headers_to_add', remove: 'response_headers_to_remove', isLocal });
  replayChanges(http.responseHeaders, ofFilters);
}

interface ResponseFields {
  readonly add: string;
  readonly remove?: string;
  /** The answer is Envoy's own. */
  readonly isLocal: boolean;
}

export function changeResponseHeaders(hop: Hop, holders: readonly ConfigNode[], { add, remove, isLocal }: ResponseFields): void {
  const changes = hop.http?.responseHeaders;
  if (!changes) return;
  for (const holder of holders) {
    const removed = remove === undefined ? [] : removedHeaders(holder, remove);
    for (const name of removed) recordHeaderChange(changes, { kind: 'remove', name });
    if (lostHeaders(holder, remove === undefined ? [add] : [add, remove])) doubtHeader(changes, ANY_HEADER);
    const options = readHeaderOptions(holder.list(add), matchContextOf(hop));
    recordAddedHeaders(
      changes,
      options.map((option) => ({ kind: 'add', ...option })),
      isLocal,
      hop.http?.answer?.hasLocation,
    );
  }
}
