/** envoy.filters.network.local_ratelimit (Envoy: source/extensions/filters/network/local_ratelimit/local_ratelimit.cc). */
import { addStep, type Hop, type HopResult } from '../../hop';
import { ending } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import { runtimeFlag } from '../../runtime/readRuntime';
import type { NetworkFilterEntry } from '../networkFilter';

/** As the HTTP filter of that name: both outcomes, without a share, for the tokens left depend on the connections before. */
export function limitConnections(hop: Hop, { filter, config: { node } }: NetworkFilterEntry): HopResult | undefined {
  const name = filter.string('name');
  const enabled = node.get('runtime_enabled');
  const isOn = !enabled || runtimeFlag(hop, enabled.string('runtime_key'), enabled.bool('default_value') ?? false);
  const bucket = node.get('token_bucket') ?? node;
  const passes =
    !isOn ||
    hop.choices.choose('fraction', [
      { value: 'within the rate limit', probability: null, at: bucket },
      { value: 'over the rate limit', probability: null, at: bucket },
    ]) === 0;
  addStep(hop, {
    stage: 'network_filter',
    decision: passes ? say`${name} lets the connection pass` : say`${name} closes the connection`,
    because: !isOn
      ? words('it is switched off')
      : passes
        ? words('there is a token left')
        : say`the bucket of ${bucket.number('max_tokens') ?? 0} tokens is empty`,
    at: isOn ? bucket : enabled,
  });
  return passes ? undefined : ending('closed', { flags: ['URX'], details: 'local_ratelimit_close_over_limit' });
}
