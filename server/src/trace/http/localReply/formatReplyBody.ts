/** Bodies of local replies and direct responses that a format makes (Envoy: source/common/local_reply/local_reply.cc BodyFormatter). */
import type { ConfigNode } from '../../../schema/configNode';
import { NotKnown } from '../../facts/notKnown';
import { formatString, formatTextOf } from '../../format/formatString';
import type { Hop } from '../../hop';
import { followPath } from '../../matcher/inputs/httpInputs';
import { matchContextOf } from '../../matcher/matchContext';

export interface ReplyFacts {
  readonly code: number;
  readonly body?: string;
  readonly details?: string;
  readonly flags?: readonly string[];
}

const MARKS = /(%LOCAL_REPLY_BODY%|%RESPONSE_CODE%|%RESPONSE_CODE_DETAILS%|%RESPONSE_FLAGS%)/;

/** `core.v3.SubstitutionFormatString` with what the reply itself knows; undefined where a part is decided at run time. */
export function formatReplyBody(hop: Hop, format: ConfigNode, reply: ReplyFacts): string | undefined {
  const text = formatTextOf(format);
  const json = format.get('json_format');
  if (json) return formatJsonBody(hop, json, { reply, omitsEmpty: format.bool('omit_empty_values') === true });
  if (text === undefined) return undefined;
  return formatText(hop, text, { reply, omitsEmpty: format.bool('omit_empty_values') === true });
}

interface ReplyFormat {
  readonly reply: ReplyFacts;
  readonly omitsEmpty: boolean;
}

function formatText(hop: Hop, text: string, { reply, omitsEmpty }: ReplyFormat): string | undefined {
  const marks: ReadonlyMap<string, string> = new Map([
    ['%LOCAL_REPLY_BODY%', reply.body ?? ''],
    ['%RESPONSE_CODE%', String(reply.code)],
    ['%RESPONSE_CODE_DETAILS%', reply.details ?? '-'],
    ['%RESPONSE_FLAGS%', reply.flags?.join(',') ?? '-'],
  ]);
  let body = '';
  for (const part of text.split(MARKS)) {
    const made = marks.get(part) ?? formatPart(hop, part, omitsEmpty);
    if (made === undefined) return undefined;
    body += made;
  }
  return body;
}

function formatPart(hop: Hop, text: string, omitsEmpty: boolean): string | undefined {
  const formatted = formatString(text, { ...matchContextOf(hop), absentAs: omitsEmpty ? '' : '-' });
  return formatted.kind === 'text' ? formatted.value : undefined;
}

/** One line of JSON, keys in order of the alphabet (Envoy: source/common/formatter/substitution_formatter.cc, JsonFormatterImpl). */
function formatJsonBody(hop: Hop, json: ConfigNode, reply: ReplyFormat): string | undefined {
  const value = formatJsonValue(hop, json, reply);
  return value === undefined ? undefined : `${value}\n`;
}

const ALONE = /^%[^%]+%$/;
const NUMBERS = /^%(?:RESPONSE_CODE|[A-Z_]+_PORT)%$/;
const TYPED = /^%(?:DYNAMIC_METADATA|CLUSTER_METADATA|METADATA|FILTER_STATE|CEL|UPSTREAM_METADATA)/;

/** A text that is one operator keeps its type and is null where it has no value. */
function formatJsonValue(hop: Hop, value: ConfigNode, reply: ReplyFormat): string | undefined {
  const children = value.isArray ? value.items() : undefined;
  if (children)
    return joinJson(
      children.map((child) => formatJsonValue(hop, child, reply)),
      ['[', ']'],
    );
  const text = typeof value.toValue() === 'string' ? value.asString() : undefined;
  if (text !== undefined) return formatJsonText(hop, text, reply);
  const entries = [...value.entries()].sort(([one], [other]) => (one < other ? -1 : 1));
  if (entries.length === 0) return JSON.stringify(value.toValue());
  const parts = entries.map(([key, child]) => {
    const made = formatJsonValue(hop, child, reply);
    return made === undefined ? undefined : `${JSON.stringify(key)}:${made}`;
  });
  const kept = reply.omitsEmpty ? parts.filter((part) => part?.endsWith(':null') !== true) : parts;
  return joinJson(kept, ['{', '}']);
}

function formatJsonText(hop: Hop, text: string, reply: ReplyFormat): string | undefined {
  const isAlone = ALONE.test(text) && text !== '%%';
  const metadata = isAlone ? METADATA.exec(text)?.[1] : undefined;
  if (metadata !== undefined) return formatMetadata(hop, metadata.split(':'));
  if (isAlone && TYPED.test(text)) return undefined;
  const made = formatText(hop, text, isAlone ? { ...reply, omitsEmpty: false } : reply);
  if (made === undefined) return undefined;
  if (isAlone && made === '-' && text !== '%RESPONSE_FLAGS%') return 'null';
  return isAlone && NUMBERS.test(text) && /^\d+$/.test(made) ? made : JSON.stringify(made);
}

const METADATA = /^%DYNAMIC_METADATA\(([^)]*)\)%$/;

/** A value keeps its type; the members of a struct stand in the order of their names. */
function formatMetadata({ http }: Hop, [namespace = '', ...path]: readonly string[]): string | undefined {
  return writeValue(followPath(http?.metadata.get(namespace), path) ?? null, 0);
}

const MAX_DEPTH = 100;

function writeValue(value: unknown, depth: number): string | undefined {
  if (value instanceof NotKnown || depth > MAX_DEPTH) return undefined;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value))
    return joinJson(
      value.map((each: unknown) => writeValue(each, depth + 1)),
      ['[', ']'],
    );
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  const parts = members.map(([key, each]) => {
    const made = writeValue(each, depth + 1);
    return made === undefined ? undefined : `${JSON.stringify(key)}:${made}`;
  });
  return joinJson(parts, ['{', '}']);
}

function joinJson(parts: readonly (string | undefined)[], [open, close]: readonly [string, string]): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(',')}${close}`;
}
