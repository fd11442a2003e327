/** Local rate limits: buckets and descriptors (source/extensions/filters/common/local_ratelimit). */
import type { ConfigNode } from '../../../../schema/configNode';
import { BOOTSTRAP } from '../../messageNames';
import { errorAt } from '../../problem';
import type { Problem, RuleContext } from '../../rule';
import { isGiven, repeatedItems } from '../../settingChecks';

const LEAST_FILL = 50;

/** Buckets that are filled too often, and descriptors that stand twice (filters/common/local_ratelimit). */
export function checkLocalRateLimit(config: ConfigNode, { messages }: RuleContext): (Problem | undefined)[] {
  const [bootstrap] = messages(BOOTSTRAP);
  const shared = config.get('local_cluster_rate_limit');
  const isAlone =
    bootstrap !== undefined && !bootstrap.isIncomplete && !bootstrap.path('cluster_manager', 'local_cluster_name')?.asString();
  const perConnection = isGiven(config, 'local_rate_limit_per_downstream_connection');
  const descriptors = config.list('descriptors');
  return [
    shared && isAlone
      ? errorAt(shared, '"local_cluster_rate_limit" needs "local_cluster_name" in the bootstrap\'s "cluster_manager".')
      : undefined,
    fillInterval(config.get('token_bucket')),
    ...descriptors.map((descriptor) => fillInterval(descriptor.get('token_bucket'), 0)),
    ...repeatedItems(
      descriptors.filter((descriptor) => descriptor.list('entries').every((entry) => entry.string('value') !== '')),
      (descriptor) => JSON.stringify(descriptor.list('entries').map((entry) => [entry.string('key'), entry.string('value')])),
      () => 'Duplicate descriptor.',
    ),
    perConnection && config.has('local_cluster_rate_limit')
      ? errorAt(perConnection, '"local_cluster_rate_limit" and "local_rate_limit_per_downstream_connection" exclude each other.')
      : undefined,
  ];
}

/** A bucket that is filled more often than Envoy takes; less than `least` milliseconds are no interval. */
export function fillInterval(bucket: ConfigNode | undefined, least = 1): Problem | undefined {
  const interval = bucket?.get('fill_interval');
  const milliseconds = bucket?.duration('fill_interval');
  if (!interval || milliseconds === undefined || milliseconds >= LEAST_FILL || milliseconds < least) return undefined;
  return errorAt(interval, 'The token bucket must not be filled more often than every 50 ms.');
}
