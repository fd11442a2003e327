/** The validation rules of a field (protoc-gen-validate), applied to one value; the words are those of Envoy's refusals. */
import { canonicalIp } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import { enumType, enumValueNamed, messageType } from '../../../schema/table/messageType';
import { compileRegex } from '../../../trace/matcher/regex';
import type { Field, FieldRules } from '../../../schema/table/messageDescription';

/** What a set value breaks; undefined where it keeps the rules. Values of a wrong type are left to another rule. */
export function describeBrokenRule(node: ConfigNode, field: Field, rules: FieldRules): string | undefined {
  if (field.type === 'message') return brokenMessage(node, field, rules);
  const scalar = node.tree.scalar(node.id);
  if (scalar === undefined || scalar === null) return undefined;
  if (field.type === 'enum') return brokenEnum(node, field, rules);
  if (field.type === 'string') return brokenText(node.asString() ?? '', rules);
  if (field.type === 'bytes') return brokenBytes(String(scalar), rules);
  if (field.type === 'bool')
    return rules.const !== undefined && rules.const !== node.asBoolean() ? `value must equal ${wordOf(rules.const)}` : undefined;
  const value = node.asNumber();
  return value === undefined || (value === 0 && rules.ignoreEmpty) ? undefined : describeBrokenNumber(value, rules);
}

function brokenMessage(node: ConfigNode, field: Field, rules: FieldRules): string | undefined {
  const wellKnown = messageType(field.message ?? '')?.wellKnown;
  if (wellKnown === 'duration') {
    const seconds = secondsOf(node);
    return seconds === undefined ? undefined : describeBrokenNumber(seconds, rules, 's');
  }
  if (wellKnown === 'any') return brokenAny(node, rules);
  if (wellKnown !== 'wrapper') return undefined;
  const inner = messageType(field.message ?? '')?.fields.get('value');
  const value = node.isObject ? node.get('value') : node;
  if (!inner || inner.type === 'message') return undefined;
  if (value) return describeBrokenRule(value, inner, rules);
  return node.isIncomplete ? undefined : describeBrokenDefault(inner, rules);
}

/** What the default of a scalar's type breaks: a wrapper without its value, `{}`, holds that, and so does a null in a list. */
export function describeBrokenDefault({ type }: Field, rules: FieldRules): string | undefined {
  if (type === 'string') return brokenText('', rules);
  if (type === 'bytes') return brokenBytes('', rules);
  if (type === 'bool') return rules.const === true ? 'value must equal true' : undefined;
  return rules.ignoreEmpty ? undefined : describeBrokenNumber(0, rules);
}

/** Envoy counts nanoseconds in 64 bits: whole seconds up to this many. */
export const MAX_SECONDS = 9_223_372_035;

/** Envoy takes no negative duration and none of 292 years, whether the API says so or not (source/common/protobuf/utility.cc DurationUtil). */
export function describeUnfitDuration(node: ConfigNode, field: Field): string | undefined {
  if (messageType(field.message ?? '')?.wellKnown !== 'duration') return undefined;
  const seconds = secondsOf(node) ?? 0;
  if (seconds < 0 || (node.isObject && (node.number('nanos') ?? 0) < 0)) return 'a duration must not be negative';
  return Math.floor(seconds) > MAX_SECONDS ? `a duration must be at most ${MAX_SECONDS}s` : undefined;
}

function secondsOf(node: ConfigNode): number | undefined {
  if (node.isObject) return (node.number('seconds') ?? 0) + (node.number('nanos') ?? 0) / 1e9;
  const match = /^(-?\d+(?:\.\d+)?)s$/.exec(node.asString() ?? '');
  return match ? Number(match[1]) : undefined;
}

function brokenAny(node: ConfigNode, rules: FieldRules): string | undefined {
  const url = node.entry('@type')?.asString() ?? '';
  if (rules.in && !rules.in.includes(url)) return `type URL must be in list ${rules.in.join(', ')}`;
  return rules.notIn?.includes(url) ? `type URL must not be ${url}` : undefined;
}

function brokenEnum(node: ConfigNode, field: Field, rules: FieldRules): string | undefined {
  const known = enumType(field.enumName ?? '');
  const text = node.asString() ?? '';
  const number = /^-?\d+$/.test(text) ? Number(text) : enumValueNamed(known, text)?.number;
  if (number === undefined || !known) return undefined;
  if (rules.definedOnly && !known.values.some((value) => value.number === number && !value.removed))
    return 'value must be one of the defined enum values';
  if (rules.notIn?.includes(number)) return 'this value is not allowed here';
  if (rules.in && !rules.in.includes(number)) return 'this value is not allowed here';
  return rules.const !== undefined && rules.const !== number ? 'this value is not allowed here' : undefined;
}

type Test = (rules: FieldRules, value: number) => boolean;

const BOUNDS: readonly [key: 'gt' | 'gte' | 'lt' | 'lte', words: string, holds: Test][] = [
  ['gt', 'greater than', ({ gt }, value) => value > Number(gt)],
  ['gte', 'greater than or equal to', ({ gte }, value) => value >= Number(gte)],
  ['lt', 'less than', ({ lt }, value) => value < Number(lt)],
  ['lte', 'less than or equal to', ({ lte }, value) => value <= Number(lte)],
];

/** The bounds and constants of a number; of a duration in seconds. */
export function describeBrokenNumber(value: number, rules: FieldRules, unit = ''): string | undefined {
  if (rules.const !== undefined && Number(rules.const) !== value) return `value must equal ${wordOf(rules.const)}${unit}`;
  if (rules.in && !rules.in.map(Number).includes(value)) return `value must be in list ${rules.in.join(', ')}`;
  if (rules.notIn?.map(Number).includes(value)) return `value must not be in list ${rules.notIn.join(', ')}`;
  const bounds = BOUNDS.filter(([key]) => rules[key] !== undefined);
  const failed = bounds.filter(([, , holds]) => !holds(rules, value));
  const lower = rules.gt ?? rules.gte;
  const upper = rules.lt ?? rules.lte;
  // Crossed bounds leave out what lies between them.
  const isCrossed = lower !== undefined && upper !== undefined && Number(lower) > Number(upper);
  if (failed.length === 0 || (isCrossed && failed.length < bounds.length)) return undefined;
  return `value must be ${bounds.map(([key, words]) => `${words} ${String(rules[key])}${unit}`).join(isCrossed ? ' or ' : ' and ')}`;
}

function brokenText(text: string, rules: FieldRules): string | undefined {
  if (text === '' && rules.ignoreEmpty) return undefined;
  const length = Array.from(text).length;
  return (
    brokenLength(length, rules, 'characters') ?? brokenByteLength(text, rules) ?? brokenContent(text, rules) ?? brokenFormat(text, rules)
  );
}

function brokenLength(length: number, { len, minLen, maxLen }: FieldRules, unit: string): string | undefined {
  if (len !== undefined && length !== len) return `value length must be ${len} ${unit}`;
  if (minLen !== undefined && length < minLen) return `value length must be at least ${minLen} ${unit}`;
  return maxLen !== undefined && length > maxLen ? `value length must be at most ${maxLen} ${unit}` : undefined;
}

function brokenByteLength(text: string, { lenBytes, minBytes, maxBytes }: FieldRules): string | undefined {
  if (lenBytes === undefined && minBytes === undefined && maxBytes === undefined) return undefined;
  return brokenLength(utf8Length(text), { ...definedLengths(lenBytes, minBytes, maxBytes) }, 'bytes');
}

function definedLengths(len: number | undefined, minLen: number | undefined, maxLen: number | undefined): FieldRules {
  return { ...(len !== undefined && { len }), ...(minLen !== undefined && { minLen }), ...(maxLen !== undefined && { maxLen }) };
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Base64 without its padding: three bytes in four letters. */
function brokenBytes(text: string, rules: FieldRules): string | undefined {
  const bytes = Math.floor((text.replace(/[\s=]/g, '').length * 3) / 4);
  return brokenLength(bytes, rules, 'bytes');
}

function brokenContent(text: string, rules: FieldRules): string | undefined {
  if (rules.const !== undefined && rules.const !== text) return `value must equal ${wordOf(rules.const)}`;
  if (rules.in && !rules.in.includes(text)) return `value must be in list ${rules.in.filter((each) => each !== '').join(', ')}`;
  if (rules.notIn?.includes(text)) return `value must not be in list ${rules.notIn.join(', ')}`;
  if (rules.prefix !== undefined && !text.startsWith(rules.prefix)) return `value does not have prefix "${rules.prefix}"`;
  if (rules.suffix !== undefined && !text.endsWith(rules.suffix)) return `value does not have suffix "${rules.suffix}"`;
  if (rules.contains !== undefined && !text.includes(rules.contains)) return `value does not contain "${rules.contains}"`;
  if (rules.notContains !== undefined && text.includes(rules.notContains)) return `value contains "${rules.notContains}"`;
  return rules.pattern !== undefined && !matches(rules.pattern, text) ? `value does not match regex pattern "${rules.pattern}"` : undefined;
}

function brokenFormat(text: string, rules: FieldRules): string | undefined {
  if (rules.ip || rules.ipv4 || rules.ipv6) {
    const ip = canonicalIp(text);
    if (ip === undefined || (rules.ipv4 && ip.includes(':')) || (rules.ipv6 && !ip.includes(':')))
      return 'value must be a valid IP address';
  }
  const pattern = headerPattern(rules);
  return pattern !== undefined && !matches(pattern, text) ? `value does not match regex pattern "${pattern}"` : undefined;
}

/** The patterns that protoc-gen-validate has for header names and values. */
function headerPattern({ wellKnownRegex, strict = true }: FieldRules): string | undefined {
  if (wellKnownRegex === undefined || wellKnownRegex === '') return undefined;
  if (!strict) return '^[^\\x00\\x0A\\x0D]*$';
  return wellKnownRegex === 'HTTP_HEADER_NAME' ? "^:?[0-9a-zA-Z!#$%&'*+\\-.^_|~\\x60]+$" : '^[^\\x00-\\x08\\x0A-\\x1F\\x7F]*$';
}

function matches(pattern: string, text: string): boolean {
  const regex = compileRegex(pattern);
  return regex.kind === 'invalid' || regex.pattern.matcher(text).find();
}

/** A constant of the rules as it is written in a configuration. */
function wordOf(constant: unknown): string {
  return typeof constant === 'string' ? constant : JSON.stringify(constant);
}
