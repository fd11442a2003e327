/** `direct_response` (Envoy: DirectResponseEntry in source/common/router/router.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { formatSubstitution } from '../../format/formatString';
import { addStep, type Hop, type HopResult } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import { say } from '../../record/sentence';
import type { HttpStream } from '../httpStream';
import { localReply } from '../localReply';
import { changeResponseHeadersOfRoute } from './changeResponseHeaders';
import { newLocation } from './newLocation';

export function answerDirectly(hop: Hop, http: HttpStream, { route, direct }: { route: ConfigNode; direct: ConfigNode }): HopResult {
  const code = direct.number('status') ?? 200;
  const body = directBody(hop, direct);
  changeResponseHeadersOfRoute(hop, http);
  addStep(hop, { stage: 'route', decision: say`the answer is ${code}`, because: say`the route answers by itself`, at: direct });
  void route;
  const hasLocation = code === 201 || (code >= 300 && code < 400);
  return localReply(hop, 'direct_response', {
    code,
    details: 'direct_response',
    ...(body !== undefined && { body }),
    ...(hasLocation && http.request.path !== '' && { location: newLocation(http) }),
  });
}

/** The text that is sent; undefined where it stands in a file or in the environment. */
export function directBody(hop: Hop, direct: ConfigNode): string | undefined {
  const format = direct.get('body_format');
  if (format) {
    const made = formatSubstitution(format, matchContextOf(hop));
    return made.kind === 'text' ? made.value : undefined;
  }
  const body = direct.get('body');
  if (!body) return '';
  const inline = body.get('inline_string')?.asString();
  if (inline !== undefined) return inline;
  const bytes = body.get('inline_bytes')?.asString();
  if (bytes === undefined || bytes === '[redacted]') return undefined;
  try {
    return new TextDecoder().decode(
      Uint8Array.from(atob(bytes.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0)),
    );
  } catch {
    return undefined;
  }
}
