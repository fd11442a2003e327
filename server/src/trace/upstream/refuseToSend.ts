/** The last look at a request before it is sent (Envoy: source/common/router/upstream_codec_filter.cc, source/common/http/header_utility.cc). */
import type { ConnectionFacts } from '../facts/connection';
import { hasControls } from '../facts/hasControls';
import type { HttpRequest } from '../facts/httpRequest';
import { localReply } from '../http/localReply/localReply';
import { addStep, type Hop, type HopResult } from '../hop';
import { say, words, type Sentence } from '../record/sentence';

/** What the codec never sends is answered with 503 in the codec's words (tried on 1.40). */
export function refuseToSend(hop: Hop, { layers }: ConnectionFacts): HopResult | undefined {
  const layer = layers.find(({ kind }) => kind === 'http');
  const flaw = hop.http && layer?.kind === 'http' ? findFlaw(layer.request) : undefined;
  if (!flaw) return undefined;
  addStep(hop, { stage: 'upstream', decision: words('the request is not sent'), because: flaw.because });
  const details = `filter_removed_required_request_headers{${flaw.text.replaceAll(' ', '_')}}`;
  return localReply(hop, 'protocol_error', { code: 503, flags: ['DPE'], details, body: flaw.text });
}

interface Flaw {
  readonly text: string;
  readonly because: Sentence;
}

/** Control characters in a value, which a format may have made; what a filter has removed; a path, which a rewrite may have given to a CONNECT. */
function findFlaw({ method, path, headers }: HttpRequest): Flaw | undefined {
  const found = headers.find(([, value]) => hasControls(value));
  if (found) return { text: `invalid header value for: ${found[0]}`, because: say`the value of header ${found[0]} has control characters` };
  const lacking = method === '' ? ':method' : method !== 'CONNECT' && path === '' ? ':path' : undefined;
  if (lacking) return { text: `missing required header: ${lacking}`, because: say`a filter has removed ${lacking}` };
  if (method !== 'CONNECT' || path === '' || headers.some(([name]) => name === ':protocol')) return undefined;
  return { text: 'missing required header: :protocol', because: say`a CONNECT has no path, and the route has given it ${path}` };
}
