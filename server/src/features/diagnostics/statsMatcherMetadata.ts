/** Which statistics a listener or cluster has, told by its metadata: the one entry of typed metadata that Envoy itself reads (upstream_impl.cc, listener_impl.cc). */
import { readTyped, type ConfigNode } from '../../schema/configNode';
import { CLUSTER, LISTENER } from './messageNames';
import { errorAt, keySpanOf } from './problem';
import type { Problem } from './rule';
import { messageNameOfTypeUrl } from '../../schema/table/typeUrl';

const KEY = 'envoy.stats_matcher';
const STATS_MATCHER = 'envoy.config.metrics.v3.StatsMatcher';

/** Whether a place lies in such an entry. */
export function isInStatsMatcher(at: ConfigNode): boolean {
  const entry = at.enclosing(KEY);
  const metadata = entry?.parent?.isField('typed_filter_metadata') ? entry.parent.parent : undefined;
  return (
    entry?.entry('@type') !== undefined && typeOf(entry) === STATS_MATCHER && metadata?.parent !== undefined && isResource(metadata.parent)
  );
}

/** A cluster leaves what is something else alone, a listener refuses it. */
export function checkStatsMatcherType(listener: ConfigNode): (Problem | undefined)[] {
  const metadata = listener.path('metadata', 'typed_filter_metadata');
  const entry = metadata?.entry(KEY);
  if (!metadata || !entry || ['', STATS_MATCHER].includes(typeOf(entry))) return [];
  const span = keySpanOf(entry);
  return [errorAt(metadata, `Failed to read the stats matcher of the listener: it must be a "${STATS_MATCHER}".`, span && { span })];
}

/** As it is written: nobody looks into a TypedStruct here. */
function typeOf(entry: ConfigNode): string {
  return messageNameOfTypeUrl(entry.entry('@type')?.asString() ?? '');
}

/** A static resource, or one that says its type. */
function isResource(owner: ConfigNode): boolean {
  return owner.owner?.isField('static_resources') === true || [LISTENER, CLUSTER].includes(readTyped(owner).type);
}
