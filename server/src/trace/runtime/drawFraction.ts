/** Percentages of filters: each a draw of its own, unlike those of routes (Envoy: Snapshot::featureEnabled without a random value). */
import type { ConfigNode } from '../../schema/configNode';
import type { Hop } from '../hop';

export interface DrawnFraction {
  readonly numerator: number;
  readonly denominator: number;
  /** What happens, and what else: the values of the branches. */
  readonly hit: string;
  readonly miss: string;
  readonly at?: ConfigNode;
}

/** True when the draw hits; a branch where both can be. `request.random` pins it. */
export function drawFraction(hop: Hop, { numerator, denominator, hit, miss, at }: DrawnFraction): boolean {
  if (numerator <= 0) return false;
  if (numerator >= denominator) return true;
  const { random } = hop.request;
  if (random !== undefined) return random % denominator < numerator;
  const share = numerator / denominator;
  const options = [
    { value: hit, probability: share },
    { value: miss, probability: 1 - share },
  ];
  return hop.choices.choose('fraction', at ? options.map((option) => ({ ...option, at })) : options) === 0;
}
