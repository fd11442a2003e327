/** Terminal filters that answer by themselves (Envoy: extensions/filters/network/{direct_response,echo}). */
import { inlineText } from '../../../model/dataSource';
import { addStep, type Hop, type HopResult } from '../../hop';
import { ending } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import type { NetworkFilterEntry } from '../networkFilter';

/** Writes the configured bytes and closes. */
export function answerDirectly(hop: Hop, { filter, config }: NetworkFilterEntry): HopResult {
  hop.record.protocol = 'tcp';
  const body = inlineText(config.node.get('response'));
  addStep(hop, {
    stage: 'network_filter',
    decision: say`${filter.string('name')} answers and closes the connection`,
    because: body === undefined ? words('its answer stands in a file or in the environment of Envoy') : say`its answer is ${body}`,
    at: filter,
  });
  return ending('closed', { details: 'direct_response', ...(body !== undefined && { body }) });
}

/** Sends back what it gets. */
export function echo(hop: Hop, { filter }: NetworkFilterEntry): HopResult {
  hop.record.protocol = 'tcp';
  addStep(hop, {
    stage: 'network_filter',
    decision: say`${filter.string('name')} sends the bytes back`,
    because: words('an echo filter goes no further'),
    at: filter,
  });
  return ending('closed');
}
