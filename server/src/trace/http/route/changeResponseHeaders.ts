/** What the configuration does to the response's headers: shown as changes, since the response itself is not known. */
import type { ConfigNode } from '../../../schema/configNode';
import type { Hop } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import type { HttpStream } from '../httpStream';
import { recordHeaderChange } from '../recordHeaderChange';
import { headerHolders, readHeaderOptions, removedHeaders } from './headerOptions';

/** Of the weighted cluster, the route, the virtual host and the route configuration (Envoy: finalizeResponseHeaders). */
export function changeResponseHeadersOfRoute(hop: Hop, http: HttpStream): void {
  changeResponseHeaders(hop, headerHolders(http), 'response_headers_to_add', 'response_headers_to_remove');
}

export function changeResponseHeaders(hop: Hop, holders: readonly ConfigNode[], addField: string, removeField?: string): void {
  const changes = hop.http?.responseHeaders;
  if (!changes) return;
  for (const holder of holders) {
    const removed = removeField === undefined ? [] : removedHeaders(holder, removeField);
    for (const name of removed) recordHeaderChange(changes, { kind: 'remove', name });
    const options = readHeaderOptions(holder.list(addField), matchContextOf(hop));
    // Of one list Envoy overwrites first and adds afterwards.
    const overwrites = options.filter(({ action }) => action.startsWith('OVERWRITE'));
    const adds = options.filter(({ action }) => !action.startsWith('OVERWRITE'));
    for (const { name, value, action } of [...overwrites, ...adds]) recordHeaderChange(changes, { kind: 'add', name, value, action });
  }
}
