/** Which values proto JSON takes for a field, as Envoy reads it: from JSON strictly, from YAML after turning plain scalars into booleans and integers. */
import { FLAG_COPY, NodeKind, type Scalar } from '../../../syntax/tree/syntaxTree';
import type { ConfigNode } from '../../../schema/configNode';
import { messageType } from '../../../schema/table/messageType';
import { shortNameOf } from '../../../schema/table/typeUrl';
import type { Field, ScalarType } from '../../../schema/table/messageDescription';

/** What is wrong with one value of a field; undefined where it can be read. Envoy: source/common/protobuf/yaml_utility.cc. */
export function describeWrongType(node: ConfigNode, field: Field): string | undefined {
  const kind = node.tree.kind(node.id);
  if (kind === NodeKind.null || kind === NodeKind.missing) return undefined;
  if (field.type === 'message') return wrongMessage(node, field);
  if (kind === NodeKind.array) return 'must be a single value, not a list';
  if (kind === NodeKind.object) return 'must be a single value, not an object';
  return field.type === 'enum' ? wrongEnum(node) : wrongScalar(node, field.type);
}

function wrongMessage(node: ConfigNode, field: Field): string | undefined {
  const wellKnown = messageType(field.message ?? '')?.wellKnown;
  const scalar = node.tree.scalar(node.id);
  switch (wellKnown) {
    case 'value':
      return undefined;
    case 'list_value':
      return node.isArray ? undefined : 'must be a list';
    case 'duration':
      return node.isObject ? wrongParts(node) : wrongDuration(scalar);
    case 'timestamp':
    case 'field_mask':
      return typeof scalar === 'string' || node.isObject ? undefined : 'must be a string';
    case 'wrapper':
      return wrongWrapper(node, field);
    default:
      return node.isObject ? undefined : `must be an object${nameOfMessage(field)}`;
  }
}

function nameOfMessage({ message }: Field): string {
  const name = message && shortNameOf(message);
  return name === undefined || message?.startsWith('google.protobuf.') ? '' : ` (${name})`;
}

/** A wrapper is written as its value, or as the message that it is: `{value: 5}`. */
function wrongWrapper(node: ConfigNode, field: Field): string | undefined {
  if (node.isArray) return 'must be a single value, not a list';
  const inner = messageType(field.message ?? '')?.fields.get('value');
  const value = node.isObject ? node.get('value') : node;
  return inner && value && inner.type !== 'message' && inner.type !== 'enum' ? wrongScalar(value, inner.type) : undefined;
}

/** 315,576,000,000 seconds are 10,000 years: more no duration may have. */
const MAX_SECONDS = 315_576_000_000;

/** A duration written out has two fields. */
function wrongParts(node: ConfigNode): string | undefined {
  const isKnown = node.entries().every(([key]) => key === 'seconds' || key === 'nanos');
  return isKnown ? undefined : 'must be a duration such as "1.5s", or have "seconds" and "nanos"';
}

function wrongDuration(scalar: Scalar | undefined): string | undefined {
  if (typeof scalar !== 'string') return 'must be a duration such as "1.5s"';
  const match = /^(-?\d+)(?:\.\d{1,9})?s$/.exec(scalar);
  if (!match) return 'must be a duration in seconds such as "1.5s"';
  return Math.abs(Number(match[1])) > MAX_SECONDS ? 'is a duration out of range' : undefined;
}

function wrongEnum(node: ConfigNode): string | undefined {
  const scalar = node.tree.scalar(node.id);
  if (typeof scalar === 'number' && (!Number.isInteger(scalar) || isFloatText(node)))
    return 'must be the name or the whole number of an enum value';
  return typeof scalar === 'boolean' || readsAsBoolean(node) ? 'must be the name of an enum value' : undefined;
}

/** Envoy keeps floats of YAML as texts, and `1.0` names no value. */
function isFloatText({ tree, id }: ConfigNode): boolean {
  return tree.language === 'yaml' && !tree.hasFlag(id, FLAG_COPY) && /^[-+\d.]*[.eE]/.test(tree.text.slice(tree.start(id), tree.end(id)));
}

function wrongScalar(node: ConfigNode, type: ScalarType): string | undefined {
  const scalar = node.tree.scalar(node.id);
  switch (type) {
    case 'string':
      return wrongString(node, 'a string');
    case 'bytes':
      return wrongString(node, 'a base64 string') ?? (isBase64(String(scalar)) ? undefined : 'must be a base64 string');
    case 'bool':
      return isBoolean(node) ? undefined : 'must be true or false';
    case 'double':
    case 'float':
      return wrongNumber(scalar, 'a number');
    default:
      return wrongInteger(node, type);
  }
}

/** What stands there without quotes in YAML, and the words that protobuf takes for a boolean in a text (absl::SimpleAtob). */
function isBoolean(node: ConfigNode): boolean {
  const scalar = node.tree.scalar(node.id);
  if (typeof scalar !== 'string') return typeof scalar === 'boolean';
  return /^(?:true|t|yes|y|1|false|f|no|n|0)$/i.test(scalar) || readsAsBoolean(node);
}

/** Without padding or with all of it; three bytes are four letters, and no byte is one. No blanks, not even at the end (observed with Envoy 1.40). */
function isBase64(text: string): boolean {
  const letters = /^[A-Za-z0-9+/_-]*/.exec(text)?.[0].length ?? 0;
  return letters % 4 !== 1 && ['', '='.repeat((4 - (letters % 4)) % 4)].includes(text.slice(letters));
}

/** yaml-cpp's words for booleans: in lower case, upper case or capitalised. */
const BOOLEAN = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
/** What yaml-cpp takes for an integer (decimal, octal, hexadecimal). */
const INTEGER = /^[-+]?(?:0x[0-9a-fA-F]+|\d+)$/;
const INT32 = 2_147_483_648;

function wrongString(node: ConfigNode, what: string): string | undefined {
  const scalar = node.tree.scalar(node.id);
  if (node.tree.language === 'json') return typeof scalar === 'string' ? undefined : `must be ${what}: put it in quotes`;
  const plain = plainText(node);
  if (plain === undefined) return undefined;
  if (BOOLEAN.test(plain)) return `must be ${what}: without quotes Envoy reads ${plain} as a boolean`;
  // Beyond 32 bits Envoy keeps the text.
  const isSmall = INTEGER.test(plain) && !/^[-+]?0\d*[89]/.test(plain) && Number(plain) >= -INT32 && Number(plain) < INT32;
  return isSmall ? `must be ${what}: without quotes Envoy reads ${plain} as a number` : undefined;
}

/** The text of a YAML scalar that stands without quotes and without a tag; undefined for others and for aliases, whose span is elsewhere. */
function plainText({ tree, id }: ConfigNode): string | undefined {
  if (tree.language !== 'yaml' || tree.hasFlag(id, FLAG_COPY)) return undefined;
  const { start, end } = tree.span(id);
  return /['"|>!&*]/.test(tree.text.charAt(start)) ? undefined : tree.text.slice(start, Math.min(end, start + 40));
}

function readsAsBoolean(node: ConfigNode): boolean {
  return BOOLEAN.test(plainText(node) ?? '');
}

/** absl::SimpleAtod takes what strtod takes. */
const NUMBER_TEXT = /^[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)$/;

function wrongNumber(scalar: Scalar | undefined, what: string): string | undefined {
  if (typeof scalar === 'number') return undefined;
  if (typeof scalar === 'string' && (NUMBER_TEXT.test(scalar.trim()) || /^(?:NaN|-?Infinity)$/.test(scalar))) return undefined;
  return `must be ${what}`;
}

const RANGES: Partial<Record<ScalarType, readonly [min: number, max: number]>> = {
  int32: [-INT32, INT32 - 1],
  sint32: [-INT32, INT32 - 1],
  sfixed32: [-INT32, INT32 - 1],
  uint32: [0, 2 * INT32 - 1],
  fixed32: [0, 2 * INT32 - 1],
};

function wrongInteger(node: ConfigNode, type: ScalarType): string | undefined {
  const scalar = node.tree.scalar(node.id);
  const isSpaced = typeof scalar === 'string' && scalar !== scalar.trim();
  const wrong = isSpaced
    ? 'must be an integer'
    : typeof scalar === 'string' && INTEGER.test(scalar)
      ? undefined
      : wrongNumber(scalar, 'an integer');
  if (wrong !== undefined) return wrong;
  const value = Number(scalar);
  if (!Number.isInteger(value)) return 'must be an integer';
  const range = RANGES[type];
  if (!range) return wrongLongInteger(textOf(node), type);
  const [min, max] = range;
  return value < min || value > max ? `must be an integer from ${min} to ${max}` : undefined;
}

/** protobuf (json/internal/parser.cc) reads digits alone exactly, and all else as a double, which is refused where it may not be exact. */
function wrongLongInteger(text: string, type: ScalarType): string | undefined {
  const { digits, others } = type === 'uint64' || type === 'fixed64' ? UNSIGNED : SIGNED;
  const isExact = /^-?\d+$/.test(text);
  const [min, max] = isExact ? digits : others;
  const value = BigInt(isExact ? text : Number(text));
  const form = isExact ? '' : ' where it is not written in digits alone';
  return value < min || value > max ? `must be an integer from ${min} to ${max}${form}` : undefined;
}

/** Doubles are exact up to 2^53. */
const SIGNED = { digits: [-(2n ** 63n), 2n ** 63n - 1n], others: [-(2n ** 53n), 2n ** 53n] } as const;
const UNSIGNED = { digits: [0n, 2n ** 64n - 1n], others: [0n, 2n ** 53n] } as const;

/** As it stands there, without quotes; of an alias, which stands elsewhere, what it was read as. */
function textOf({ tree, id }: ConfigNode): string {
  const scalar = tree.scalar(id);
  return typeof scalar === 'number' && !tree.hasFlag(id, FLAG_COPY) ? tree.text.slice(tree.start(id), tree.end(id)) : String(scalar);
}
