/** `direct_response` (Envoy: DirectResponseEntry in source/common/router/router.cc). */
import { inlineText } from '../../../model/dataSource';
import type { ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import { formatReplyBody } from '../localReply/formatReplyBody';
import type { HttpStream } from '../../httpStream';
import { localReply } from '../localReply/localReply';
import { changeResponseHeadersOfRoute } from './changeResponseHeaders';
import { newLocation } from './newLocation';

export function answerDirectly(hop: Hop, http: HttpStream, direct: ConfigNode): HopResult {
  const status = direct.number('status');
  if (status === undefined && keepsBack(direct)) return cannotTell(words('the status of the direct response: the file leaves it out'));
  const code = status ?? 200;
  const body = directBody(hop, direct);
  const hasLocation = (code === 201 || (code >= 300 && code < 400)) && http.request.path !== '';
  http.answer = { isLocal: true, code, details: 'direct_response', flags: http.flags, hasLocation };
  changeResponseHeadersOfRoute(hop, http, true);
  addStep(hop, { stage: 'route', decision: say`the answer is ${code}`, because: say`the route answers by itself`, at: direct });
  return localReply(hop, 'direct_response', {
    code,
    details: 'direct_response',
    ...(body === undefined ? { isBodyUnknown: true } : { body }),
    ...(hasLocation && { location: newLocation(http) }),
  });
}

/** The text that is sent; undefined where it stands in a file or in the environment. The format sees no code of this answer yet. */
export function directBody(hop: Hop, direct: ConfigNode): string | undefined {
  const source = direct.get('body');
  const body = source ? inlineText(source) : '';
  const format = direct.get('body_format');
  return format
    ? formatReplyBody(hop, format, { code: hop.http?.codeBefore ?? 0, ...(body === undefined ? { isBodyUnknown: true } : { body }) })
    : body;
}
