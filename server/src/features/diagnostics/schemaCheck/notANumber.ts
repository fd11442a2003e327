/** Shares that Envoy rounds to whole percents, which NaN cannot be (source/common/protobuf/utility.h PROTOBUF_PERCENT_TO_ROUNDED_INTEGER_OR_DEFAULT). */
import type { ConfigNode } from '../../../schema/configNode';
import type { MessageType } from '../../../schema/table/messageType';
import type { Field } from '../../../schema/table/messageDescription';

const CLUSTER = 'envoy.config.cluster.v3.Cluster';
const GRADIENT = 'envoy.extensions.filters.http.adaptive_concurrency.v3.GradientControllerConfig';
const BALANCING = 'envoy.extensions.load_balancing_policies.common.v3';

/** Those of other fields stay as they are (asked of Envoy 1.40). */
const ROUNDED: ReadonlySet<string> = new Set([
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing.overall_sampling',
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing.random_sampling',
  `${CLUSTER}.CommonLbConfig.healthy_panic_threshold`,
  `${CLUSTER}.CommonLbConfig.ZoneAwareLbConfig.routing_enabled`,
  `${CLUSTER}.SlowStartConfig.min_weight_percent`,
  `${BALANCING}.SlowStartConfig.min_weight_percent`,
  `${BALANCING}.LocalityLbConfig.ZoneAwareLbConfig.routing_enabled`,
  'envoy.config.bootstrap.v3.Watchdog.multikill_threshold',
  `${GRADIENT}.sample_aggregate_percentile`,
  `${GRADIENT}.MinimumRTTCalculationParams.jitter`,
  `${GRADIENT}.MinimumRTTCalculationParams.buffer`,
]);

/** The number of an `envoy.type.v3.Percent` that is none; undefined where it is one, or need not be. */
export function findNaN(percent: ConfigNode, field: Field, owner: MessageType): ConfigNode | undefined {
  if (field.message !== 'envoy.type.v3.Percent' || !percent.isObject || !ROUNDED.has(`${owner.name}.${field.name}`)) return undefined;
  const value = percent.get('value');
  return value?.asString() === 'NaN' ? value : undefined;
}
