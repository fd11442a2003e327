/** Lua's operators on values that are known; unknown ones stay unknown. */
import { isTrue, isUnknown, textOfLua, unknownValue, type LuaValue } from './luaValue';

/** Any binary operator but `and`, `or`. */
export function applyLuaOperator(operator: string, left: LuaValue, right: LuaValue): LuaValue {
  if (isUnknown(left)) return left;
  if (isUnknown(right)) return right;
  switch (operator) {
    case '==':
      return left === right;
    case '~=':
      return left !== right;
    case '..':
      return joinTexts(left, right);
    case '<':
    case '>':
    case '<=':
    case '>=':
      return compare(operator, left, right);
    default:
      return calculate(operator, left, right);
  }
}

/** `not`, `-`, `#`. */
export function invertLua(operator: string, value: LuaValue): LuaValue {
  if (isUnknown(value)) return value;
  if (operator === 'not') return isTrue(value) !== true;
  if (operator === '-' && typeof value === 'number') return -value;
  if (operator === '#' && typeof value === 'string') return value.length;
  if (operator === '#' && typeof value === 'object' && value?.kind === 'table') return value.entries.size;
  return unknownValue(`what ${operator} gives`);
}

function joinTexts(left: LuaValue, right: LuaValue): LuaValue {
  const [first, second] = [textOfLua(left), textOfLua(right)];
  return first === undefined || second === undefined ? unknownValue('a joined text') : first + second;
}

function compare(operator: string, left: LuaValue, right: LuaValue): LuaValue {
  const comparable = (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!comparable) return unknownValue('a comparison');
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

function calculate(operator: string, left: LuaValue, right: LuaValue): LuaValue {
  const [first, second] = [Number(textOfLua(left) ?? NaN), Number(textOfLua(right) ?? NaN)];
  if (Number.isNaN(first) || Number.isNaN(second)) return unknownValue('a calculation');
  switch (operator) {
    case '+':
      return first + second;
    case '-':
      return first - second;
    case '*':
      return first * second;
    case '/':
      return first / second;
    default:
      return first - Math.floor(first / second) * second;
  }
}
