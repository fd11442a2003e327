/** Header changes before anything else reads the request (Envoy: ConnectionManagerUtility::mutateRequestHeaders, early_header_mutation/header_mutation). */
import type { ConfigNode } from '../../../schema/configNode';
import { ANY_HEADER, markUnknownHeader, removeHeader, removeMatchingHeaders } from '../../facts/httpRequest';
import { addStep, type Hop, type HopResult } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import { readStringMatcher } from '../../matcher/stringMatcher';
import { cannotTell } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';
import { changeRequestHeaders, lostHeaders, readHeaderOptions } from '../route/headerOptions';

const HEADER_MUTATION = 'envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation';

/** Other extensions run code: what they change before the route is chosen cannot be known. */
export function earlyHeaderMutation(hop: Hop, http: HttpStream): HopResult | undefined {
  for (const extension of http.manager.list('early_header_mutation_extensions')) {
    const config = extension.typed();
    if (config?.type !== HEADER_MUTATION)
      return cannotTell(say`what the early header mutation ${config?.type ?? extension.string('name')} does`);
    const lost = lostHeaders(config.node, ['mutations']);
    if (lost) markUnknownHeader(http.request, ANY_HEADER, lost);
    const mutations = config.node.list('mutations');
    mutations.forEach((mutation) => mutate(hop, http, mutation));
    addStep(hop, {
      stage: 'http_connection',
      decision: say`${mutations.length} early header mutations are made`,
      because: words('the connection manager makes them before the route is chosen'),
      at: extension,
    });
  }
  return undefined;
}

/** One after the other: a later one sees what an earlier one did. */
function mutate(hop: Hop, { request }: HttpStream, mutation: ConfigNode): void {
  const removed = mutation.get('remove')?.asString();
  if (removed !== undefined) {
    removeHeader(request, removed);
    return;
  }
  const keys = mutation.path('remove_on_match', 'key_matcher');
  const matches = keys && readStringMatcher(keys).matches;
  if (matches) removeMatchingHeaders(request, matches);
  const append = mutation.get('append');
  if (append) changeRequestHeaders(request, readHeaderOptions([append], matchContextOf(hop)));
}
