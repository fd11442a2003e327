/** Who reads an input of a matcher. */
import type { ConfigNode } from '../../../schema/configNode';
import type { MatchContext } from '../matchContext';
import type { InputReading } from './inputReading';

/** Reads an input. Example: `envoy.extensions.matching.common_inputs.network.v3.DestinationPortInput` */
export type ReadInput = (config: ConfigNode, context: MatchContext) => InputReading;
