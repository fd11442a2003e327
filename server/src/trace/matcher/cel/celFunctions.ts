/** The functions and operators of CEL that Envoy has, on values that are known (cel-cpp: eval/public/builtin_func_registrar.cc). */
import { say, words } from '../../record/sentence';
import { compileRegex, replaceAll } from '../regex';
import type { CelOptions } from './celExpression';
import { addCel, calculateCel, negateCel } from './celNumbers';
import {
  failed,
  isBytes,
  isDuration,
  isMap,
  isStruct,
  isTimestamp,
  isType,
  isUint,
  known,
  lookUp,
  numberOf,
  open,
  presenceOf,
  sameData,
  type CelData,
  type CelValue,
} from './celValue';
import { stringFunctions } from './celStringFunctions';
import { calculateTime, partOfTime, secondsOf, TIME_PARTS, toDuration, toTimestamp } from './celTime';
import { printCel } from './printCel';

type CelFunction = (given: readonly CelData[], options: CelOptions) => CelValue;

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '_<_': (order) => order < 0,
  '_<=_': (order) => order <= 0,
  '_>_': (order) => order > 0,
  '_>=_': (order) => order >= 0,
};

const FUNCTIONS: ReadonlyMap<string, CelFunction> = new Map<string, CelFunction>([
  ['_==_', ([a, b]) => known(sameData(a, b))],
  ['_!=_', ([a, b]) => known(!sameData(a, b))],
  ...Object.entries(COMPARISONS).map(([name, test]): [string, CelFunction] => [name, ([a, b]) => compare(a, b, test)]),
  ...['@in', '_in_', 'in'].map((name): [string, CelFunction] => [name, ([item, container]) => contains(container, item)]),
  ['!_', ([a]) => (typeof a === 'boolean' ? known(!a) : failed(words('! needs a boolean')))],
  ['-_', ([a]) => negateCel(a)],
  ['_+_', ([a, b], options) => calculateTime('+', a, b) ?? addCel(a, b, options)],
  ...['_-_', '_*_', '_/_', '_%_'].map((name): [string, CelFunction] => [
    name,
    ([a, b]) => calculateTime(name[1] ?? '', a, b) ?? calculateCel(name[1] ?? '', a, b),
  ]),
  ['_[_]', ([container, key]) => index(container, key)],
  ['size', ([a]) => sizeOf(a)],
  ['dyn', ([a]) => (a === undefined ? failed(words('dyn needs a value')) : known(a))],
  ['type', ([a]) => (a === undefined ? failed(words('type needs a value')) : known({ celType: typeName(a) }))],
  ['int', ([a]) => (isTimestamp(a) ? known(secondsOf(a)) : toInt(a))],
  ['duration', ([a]) => toDuration(a)],
  ['timestamp', ([a]) => toTimestamp(a)],
  ...TIME_PARTS.map((name): [string, CelFunction] => [name, ([a, zone]) => partOfTime(name, a, zone)]),
  ['uint', ([a]) => toUint(a)],
  ['double', ([a]) => toDouble(a)],
  ['bool', ([a]) => toBool(a)],
  ['bytes', ([a]) => (typeof a === 'string' ? known({ bytes: a }) : a !== undefined && isBytes(a) ? known(a) : failed(words('no bytes')))],
  ['startsWith', ([a, b]) => testTexts(a, b, (text, part) => text.startsWith(part))],
  ['endsWith', ([a, b]) => testTexts(a, b, (text, part) => text.endsWith(part))],
  ['contains', ([a, b]) => testTexts(a, b, (text, part) => text.includes(part))],
  ['matches', ([a, b]) => testTexts(a, b, findRegex)],
  ['re.extract', ([a, b, c]) => extract(a, b, c)],
]);

/** Rare: not evaluated here. */
const UNEVALUATED: ReadonlySet<string> = new Set(['re.capture', 're.captureN', '@not_strictly_false', '__not_strictly_false__']);

const STRING_CONVERSION = 'string';
const SHORT_CIRCUIT: ReadonlySet<string> = new Set(['_&&_', '_||_', '_?_:_']);

/** Has Envoy such a function, under these options? */
export function hasCelFunction(name: string, options: CelOptions): boolean {
  if (name === STRING_CONVERSION) return options.stringConversion;
  if (stringFunctions.has(name)) return options.stringFunctions;
  return FUNCTIONS.has(name) || UNEVALUATED.has(name) || SHORT_CIRCUIT.has(name);
}

/** Calls a function whose operands are all known. */
export function callStrict(name: string, given: readonly CelData[], options: CelOptions): CelValue {
  if (!hasCelFunction(name, options)) return open(say`what the CEL function ${name} gives, which Envoy does not have`);
  if (name === STRING_CONVERSION) return toText(given[0]);
  const call = FUNCTIONS.get(name) ?? stringFunctions.get(name);
  return call ? call(given, options) : open(say`what the CEL function ${name} gives`);
}

function typeName(value: CelData): string {
  if (value === null) return 'null_type';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (isUint(value)) return 'uint';
  if (isBytes(value)) return 'bytes';
  if (isTimestamp(value)) return 'google.protobuf.Timestamp';
  if (isDuration(value)) return 'google.protobuf.Duration';
  return isType(value) ? 'type' : Array.isArray(value) ? 'list' : 'map';
}

/** CEL's `matches` looks anywhere in the text (RE2::PartialMatch). */
function findRegex(text: string, pattern: string): boolean {
  const regex = compileRegex(pattern);
  return regex.kind === 'regex' && regex.pattern.matcher(text).find();
}

function extract(text: CelData | undefined, pattern: CelData | undefined, rewrite: CelData | undefined): CelValue {
  if (typeof text !== 'string' || typeof pattern !== 'string' || typeof rewrite !== 'string')
    return failed(words('re.extract needs texts'));
  const regex = compileRegex(pattern);
  const matcher = regex.kind === 'regex' ? regex.pattern.matcher(text) : undefined;
  if (!matcher?.find()) return failed(words('the pattern fits nothing'));
  return known(replaceAll(regex, text.slice(matcher.start(), matcher.end()), rewrite));
}

function testTexts(a: CelData | undefined, b: CelData | undefined, test: (text: string, part: string) => boolean): CelValue {
  return typeof a === 'string' && typeof b === 'string' ? known(test(a, b)) : failed(words('the function needs texts'));
}

/** Numbers of all types compare; otherwise both must have the same type. */
function compare(a: CelData | undefined, b: CelData | undefined, test: (order: number) => boolean): CelValue {
  const [left, right] = [comparable(a), comparable(b)];
  const isPair = left !== undefined && right !== undefined && left.kind === right.kind;
  if (!isPair) return failed(words('the two cannot be compared'));
  return known(test(left.value < right.value ? -1 : left.value > right.value ? 1 : 0));
}

function comparable(value: CelData | undefined): { kind: string; value: string | number | bigint } | undefined {
  const number = numberOf(value);
  if (number !== undefined) return { kind: 'number', value: number };
  if (typeof value === 'string') return { kind: 'string', value };
  if (typeof value === 'boolean') return { kind: 'boolean', value: Number(value) };
  if (isTimestamp(value)) return { kind: 'timestamp', value: value.time };
  if (isDuration(value)) return { kind: 'duration', value: value.duration };
  return value !== undefined && isBytes(value) ? { kind: 'bytes', value: value.bytes } : undefined;
}

function contains(container: CelData | undefined, item: CelData | undefined): CelValue {
  if (Array.isArray(container)) return known(container.some((each) => sameData(each, item)));
  if (container === undefined || item === undefined || (!isMap(container) && !isStruct(container)))
    return failed(words('in needs a list or a map'));
  return presenceOf(lookUp(container, item));
}

function index(container: CelData | undefined, key: CelData | undefined): CelValue {
  if (container === undefined || key === undefined) return failed(words('an operand is missing'));
  if (Array.isArray(container)) {
    const place = Number(numberOf(key));
    const items: readonly unknown[] = container;
    return place in items ? known(items[place] as CelData) : failed(words('the list is not that long'));
  }
  return lookUp(container, key) ?? failed(typeof key === 'string' ? say`there is no ${key}` : words('there is no such key'));
}

function sizeOf(value: CelData | undefined): CelValue {
  if (typeof value === 'string') return known(BigInt(Array.from(value).length));
  if (Array.isArray(value)) return known(BigInt(value.length));
  if (value === undefined) return failed(words('size needs a value'));
  if (isMap(value)) return value.size === undefined ? open(words('the size of a map')) : known(BigInt(value.size));
  if (isBytes(value)) return known(BigInt(value.bytes.length));
  return isStruct(value) ? known(BigInt(Object.keys(value).length)) : failed(words('it has no size'));
}

const MAX_INT = 2n ** 63n;

function toInt(value: CelData | undefined): CelValue {
  const number = typeof value === 'string' && /^[+-]?\d{1,19}$/.test(value) ? BigInt(value.replace('+', '')) : numberOf(value);
  if (typeof value === 'boolean') return known(value ? 1n : 0n);
  if (number === undefined || (typeof number === 'number' && !Number.isFinite(number))) return failed(words('no integer'));
  const whole = typeof number === 'bigint' ? number : BigInt(Math.trunc(number));
  return whole >= -MAX_INT && whole < MAX_INT ? known(whole) : failed(words('the integer is out of range'));
}

function toUint(value: CelData | undefined): CelValue {
  const whole = toInt(value);
  if (whole.kind !== 'value' || typeof whole.value !== 'bigint') return whole;
  return whole.value < 0n ? failed(words('the integer is out of range')) : known({ uint: whole.value });
}

function toDouble(value: CelData | undefined): CelValue {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number(numberOf(value));
  return Number.isNaN(number) ? failed(words('no number')) : known(number);
}

const TRUE_TEXTS: readonly unknown[] = ['1', 't', 'true', 'TRUE', 'True'];
const FALSE_TEXTS: readonly unknown[] = ['0', 'f', 'false', 'FALSE', 'False'];

function toBool(value: CelData | undefined): CelValue {
  if (typeof value === 'boolean') return known(value);
  if (TRUE_TEXTS.includes(value)) return known(true);
  return FALSE_TEXTS.includes(value) ? known(false) : failed(words('no boolean'));
}

function toText(value: CelData | undefined): CelValue {
  const isPlain = typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean' || typeof value === 'number';
  const text = value !== undefined && (isPlain || isUint(value) || isBytes(value)) ? printCel(value) : undefined;
  return text === undefined ? failed(words('no text')) : known(text);
}
