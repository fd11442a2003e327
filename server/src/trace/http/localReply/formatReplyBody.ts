/** Bodies of local replies and direct responses that a format makes (Envoy: source/common/local_reply/local_reply.cc BodyFormatter). */
import type { ConfigNode } from '../../../schema/configNode';
import { formatSubstitution } from '../../format/formatString';
import type { Hop } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import type { ReplyFacts } from '../../format/formatContext';

/** `core.v3.SubstitutionFormatString` with what the reply itself knows; undefined where a part is decided at run time. */
export function formatReplyBody(hop: Hop, format: ConfigNode, reply: ReplyFacts): string | undefined {
  const made = formatSubstitution(format, { ...matchContextOf(hop), reply });
  return made.kind === 'text' ? made.value : undefined;
}
