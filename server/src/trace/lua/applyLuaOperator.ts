/** Lua's operators on values; unknown ones stay unknown. */
import {
  isTable,
  isTrue,
  isUnknown,
  lengthOfTable,
  LuaError,
  numberOfLua,
  textOfLength,
  textOfLua,
  unknownButTrue,
  unknownValue,
  type LuaValue,
} from './luaValue';

/** Any binary operator but `and`, `or`. */
export function applyLuaOperator(operator: string, left: LuaValue, right: LuaValue): LuaValue {
  const open = isUnknown(left) ? left : isUnknown(right) ? right : undefined;
  switch (operator) {
    case '==':
      return open ? compareUnknown(left, right) : left === right;
    case '~=': {
      const same = open ? compareUnknown(left, right) : left === right;
      return typeof same === 'boolean' ? !same : same;
    }
    case '..':
      return open ? unknownButTrue(open.what) : joinTexts(left, right);
    case '<':
    case '>':
    case '<=':
    case '>=':
      return open ? unknownValue(open.what) : compare(operator, left, right);
    default:
      return open ? unknownButTrue(open.what) : calculate(operator, left, right);
  }
}

/** What is certainly neither nil nor false is different from both. */
function compareUnknown(left: LuaValue, right: LuaValue): LuaValue {
  const [open, other] = isUnknown(left) ? [left, right] : [right, left];
  if (!isUnknown(open)) return left === right;
  return open.isTrue && (other === null || other === false) ? false : unknownValue(open.what);
}

/** `not`, `-`, `#`. */
export function invertLua(operator: string, value: LuaValue): LuaValue {
  if (operator === 'not') {
    const truth = isTrue(value);
    return truth === undefined && isUnknown(value) ? unknownValue(value.what) : truth !== true;
  }
  if (isUnknown(value)) return unknownButTrue(value.what);
  if (operator === '-') {
    const number = numberOfLua(value);
    if (number === undefined) throw new LuaError('attempt to perform arithmetic');
    return -number;
  }
  if (typeof value === 'string') return lengthOfText(value);
  if (!isTable(value)) throw new LuaError('attempt to get length');
  return lengthOfTable(value) ?? unknownButTrue('the length of a table with holes');
}

/** Lua counts bytes. */
export function lengthOfText(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

function joinTexts(left: LuaValue, right: LuaValue): LuaValue {
  const [first, second] = [textOfLua(left), textOfLua(right)];
  if (first === undefined || second === undefined) throw new LuaError('attempt to concatenate');
  return textOfLength(first.length + second.length, () => first + second);
}

function compare(operator: string, left: LuaValue, right: LuaValue): LuaValue {
  const isNumbers = typeof left === 'number' && typeof right === 'number';
  if (!isNumbers && !(typeof left === 'string' && typeof right === 'string')) throw new LuaError('attempt to compare');
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

function calculate(operator: string, left: LuaValue, right: LuaValue): LuaValue {
  const [first, second] = [numberOfLua(left), numberOfLua(right)];
  if (first === undefined || second === undefined) throw new LuaError('attempt to perform arithmetic');
  switch (operator) {
    case '+':
      return first + second;
    case '-':
      return first - second;
    case '*':
      return first * second;
    case '/':
      return first / second;
    case '^':
      return first ** second;
    default:
      return first - Math.floor(first / second) * second;
  }
}
