/** The JSON of `%COALESCE(…)%`: which commands are tried in turn (source/common/formatter/coalesce_formatter.cc). */
import { isJsonObject, readJson } from '../../protocol/jsonValue';
import type { CommandUse } from './commandUse';

type DescribeCommand = (name: string, use: CommandUse) => string | undefined;

/** What is wrong with it; undefined where nothing is. `describe` says what is wrong with one command. */
export function describeWrongCoalesce(text: string, describe: DescribeCommand): string | undefined {
  const value = readJson(text);
  const operators = isJsonObject(value) ? value['operators'] : undefined;
  if (!Array.isArray(operators)) return 'it takes a JSON object with a list of "operators"';
  if (operators.length === 0) return 'the list of "operators" must not be empty';
  return operators.map((operator) => describeOperator(operator, describe)).find((wrong) => wrong !== undefined);
}

/** The name of a command, or an object with `command`, `param` and `max_length`. */
function describeOperator(operator: unknown, describe: DescribeCommand): string | undefined {
  if (typeof operator === 'string') return describe(operator, { parameters: '', hasLength: false, isOpen: false });
  if (!isJsonObject(operator)) return 'an operator is neither the name of a command nor an object with "command"';
  const [command, parameters, length] = ['command', 'param', 'max_length'].map((name) => operator[name]);
  if (typeof command !== 'string') return 'an operator has no "command" that is a text';
  if (parameters !== undefined && typeof parameters !== 'string') return 'the "param" of an operator must be a text';
  if (length !== undefined && !Number.isInteger(length)) return 'the "max_length" of an operator must be an integer';
  if (typeof length === 'number' && length <= 0) return 'the "max_length" of an operator must be positive';
  return describe(command, { parameters: parameters ?? '', hasLength: length !== undefined, isOpen: false });
}
