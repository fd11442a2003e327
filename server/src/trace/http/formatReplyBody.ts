/** Bodies of local replies and direct responses that a format makes (Envoy: source/common/local_reply/local_reply.cc BodyFormatter). */
import type { ConfigNode } from '../../schema/configNode';
import { formatString } from '../format/formatString';
import type { Hop } from '../hop';
import { matchContextOf } from '../matcher/matchContext';

export interface ReplyFacts {
  readonly code: number;
  readonly body?: string;
  readonly details?: string;
  readonly flags?: readonly string[];
}

const MARKS = /(%LOCAL_REPLY_BODY%|%RESPONSE_CODE%|%RESPONSE_CODE_DETAILS%|%RESPONSE_FLAGS%)/;

/** `core.v3.SubstitutionFormatString` with what the reply itself knows; undefined where a part is decided at run time, or for JSON. */
export function formatReplyBody(hop: Hop, format: ConfigNode, reply: ReplyFacts): string | undefined {
  const text = format.path('text_format_source', 'inline_string')?.asString() ?? format.get('text_format')?.asString();
  if (text === undefined) return undefined;
  const marks: ReadonlyMap<string, string> = new Map([
    ['%LOCAL_REPLY_BODY%', reply.body ?? ''],
    ['%RESPONSE_CODE%', String(reply.code)],
    ['%RESPONSE_CODE_DETAILS%', reply.details ?? '-'],
    ['%RESPONSE_FLAGS%', reply.flags?.join(',') ?? '-'],
  ]);
  let body = '';
  for (const part of text.split(MARKS)) {
    const made = marks.get(part) ?? formatPart(hop, part, format.bool('omit_empty_values') === true);
    if (made === undefined) return undefined;
    body += made;
  }
  return body;
}

function formatPart(hop: Hop, text: string, omitsEmpty: boolean): string | undefined {
  const formatted = formatString(text, { ...matchContextOf(hop), absentAs: omitsEmpty ? '' : '-' });
  return formatted.kind === 'text' ? formatted.value : undefined;
}
