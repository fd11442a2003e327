/** Evaluates CEL over what a trace knows; what it does not know stays unknown, and only matters where it decides (Envoy: cel-cpp, extensions/filters/common/expr). */
import { say, words } from '../../record/sentence';
import { callStrict } from './celFunctions';
import { DEFAULT_CEL_OPTIONS, type CelExpression, type CelOptions } from './celExpression';
import { failed, isMap, isStruct, known, lookUp, open, presenceOf, sameData, type CelData, type CelMap, type CelValue } from './celValue';

/** `attribute` gives the top names: `request`, `connection` … */
export function evaluateCel(
  expression: CelExpression,
  attribute: (name: string) => CelValue | undefined,
  options: CelOptions = DEFAULT_CEL_OPTIONS,
): CelValue {
  const evaluate = (each: CelExpression): CelValue => evaluateCel(each, attribute, options);
  switch (expression.kind) {
    case 'literal':
      return known(expression.value);
    case 'name':
      return attribute(expression.name) ?? typeOf(expression.name) ?? failed(say`there is no ${expression.name}`);
    case 'field':
      return readField(evaluate(expression.operand), expression.field, expression.test);
    case 'list':
      return mapKnown(expression.items.map(evaluate), (items) => known(items));
    case 'map':
      return makeMap(expression.entries, evaluate);
    case 'call':
      return callFunction(expression, evaluate, options);
    case 'comprehension':
      return open(words('what a comprehension says: Envoy refuses it'));
    case 'malformed':
      return open(say`what text says that Envoy refuses: ${words(expression.what)}`);
    case 'unsupported':
      return open(say`what a CEL expression with ${words(expression.what)} says`);
  }
}

const TYPES: ReadonlySet<string> = new Set(['bool', 'int', 'uint', 'double', 'string', 'bytes', 'list', 'map', 'null_type', 'type']);

function typeOf(name: string): CelValue | undefined {
  return TYPES.has(name) ? known({ celType: name }) : undefined;
}

type Evaluate = (expression: CelExpression) => CelValue;

function readField(operand: CelValue, field: string, test: boolean): CelValue {
  if (operand.kind !== 'value') return operand;
  if (!isMap(operand.value) && !isStruct(operand.value)) return failed(words('a field of what has no fields'));
  const found = lookUp(operand.value, field);
  if (isMap(operand.value) && operand.value.isMessage === true && !found) return failed(say`a message without the field ${field}`);
  if (test) return isEmptyField(operand.value, found) ? known(false) : presenceOf(found);
  return found ?? failed(say`there is no ${field}`);
}

function isEmptyField(container: CelData, found: CelValue | undefined): boolean {
  return isMap(container) && container.isMessage === true && found?.kind === 'value' && isMap(found.value) && found.value.size === 0;
}

function makeMap(entries: readonly (readonly [CelExpression, CelExpression])[], evaluate: Evaluate): CelValue {
  return mapKnown(
    entries.flatMap(([key, value]) => [evaluate(key), evaluate(value)]),
    (flat) => {
      const pairs = entries.map((_, index) => [flat[2 * index] ?? null, flat[2 * index + 1] ?? null] as const);
      const isRepeated = pairs.some(([key], index) => pairs.slice(0, Math.min(index, MAX_KEYS)).some(([other]) => sameData(other, key)));
      if (isRepeated) return failed(words('a key of the map is repeated'));
      const lookUpKey = (key: CelData): CelValue | undefined => {
        const found = pairs.find(([each]) => sameData(each, key));
        return found && known(found[1]);
      };
      const map: CelMap = { lookUp: lookUpKey, size: pairs.length, entries: pairs };
      return known(map);
    },
  );
}

/** So that a hostile literal costs no quadratic time. */
const MAX_KEYS = 1_000;

function callFunction(
  { function: name, arguments: given }: Extract<CelExpression, { kind: 'call' }>,
  evaluate: Evaluate,
  options: CelOptions,
): CelValue {
  const [first, second, third] = given;
  if (name === '_&&_' || name === '_||_')
    return first && second ? combine(name === '_&&_', evaluate(first), evaluate(second)) : failed(words('an operand is missing'));
  if (name === '_?_:_') {
    if (!first || !second || !third) return failed(words('an operand is missing'));
    const condition = evaluate(first);
    if (condition.kind !== 'value') return condition;
    if (typeof condition.value !== 'boolean') return failed(words('the condition is no boolean'));
    return evaluate(condition.value ? second : third);
  }
  return mapKnown(given.map(evaluate), (values) => callStrict(name, values, options));
}

/** A false (for and) or a true (for or) decides, whatever the other side is. */
function combine(isAnd: boolean, left: CelValue, right: CelValue): CelValue {
  const sides = [left, right];
  if (sides.some((side) => side.kind === 'value' && side.value === !isAnd)) return known(!isAnd);
  const unsure = sides.find(({ kind }) => kind === 'unknown') ?? sides.find(({ kind }) => kind === 'error');
  if (unsure) return unsure;
  return sides.every((side) => side.kind === 'value' && side.value === isAnd) ? known(isAnd) : failed(words('an operand is no boolean'));
}

function mapKnown(values: readonly CelValue[], apply: (values: readonly CelData[]) => CelValue): CelValue {
  const unsure = values.find(({ kind }) => kind === 'error') ?? values.find(({ kind }) => kind === 'unknown');
  return unsure ?? apply(values.flatMap((each) => (each.kind === 'value' ? [each.value] : [])));
}
