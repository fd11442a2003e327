/** envoy.filters.http.set_metadata (Envoy: source/extensions/filters/http/set_metadata/set_metadata_filter.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { say, words } from '../../record/sentence';
import { pass, tell, type FilterCall } from '../filterCall';
import { mergeMetadata } from '../metadataWriter';

/** The old `metadata_namespace` and `value` first, then the list; a namespace that is there already needs `allow_overwrite`. */
export function runSetMetadata(call: FilterCall): undefined {
  const { config } = call;
  const written: string[] = [];
  if (config.has('metadata_namespace')) write(call, config, written);
  for (const entry of config.list('metadata')) {
    const isFree = !call.http.metadata.has(entry.string('metadata_namespace'));
    if (isFree || entry.bool('allow_overwrite') === true) write(call, entry, written);
  }
  if (written.length === 0) return pass(call, { because: words('it has nothing to set') });
  return tell(call, say`filter ${call.name} sets metadata`, { because: say`its configuration gives values for ${written}` });
}

/** Typed metadata is read by no matcher. */
function write({ http }: FilterCall, entry: ConfigNode, written: string[]): void {
  const namespace = entry.string('metadata_namespace');
  const value = entry.get('value');
  if (!value) return;
  mergeMetadata(http, namespace, value.toValue());
  written.push(namespace);
}
