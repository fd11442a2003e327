/** From a parsed CEL expression in a configuration (`google.api.expr.v1alpha1.Expr`, `cel.expr.Expr`) to our tree. */
import type { ConfigNode } from '../../../schema/configNode';
import { decodeBase64Text } from '../../../text/encoding';
import { parseDuration, parseTimestamp } from './celTime';
import { MAX_CEL_DEPTH, type CelExpression } from './celExpression';

export function readCelTree(node: ConfigNode | undefined, depth = 0): CelExpression {
  if (!node || depth > MAX_CEL_DEPTH) return { kind: 'unsupported', what: 'an expression that is left out' };
  const read = (child: ConfigNode | undefined): CelExpression => readCelTree(child, depth + 1);
  const constant = node.get('const_expr');
  if (constant) return readConstant(constant);
  const name = node.get('ident_expr');
  if (name) return { kind: 'name', name: name.string('name') };
  const select = node.get('select_expr');
  if (select)
    return { kind: 'field', operand: read(select.get('operand')), field: select.string('field'), test: select.bool('test_only') === true };
  const call = node.get('call_expr');
  if (call) return readCall(call, read);
  const list = node.get('list_expr');
  if (list) return { kind: 'list', items: list.list('elements').map(read) };
  const struct = node.get('struct_expr');
  if (struct && struct.string('message_name') === '')
    return { kind: 'map', entries: struct.list('entries').map((entry) => [read(entry.get('map_key')), read(entry.get('value'))]) };
  if (node.has('comprehension_expr')) return { kind: 'comprehension' };
  return { kind: 'unsupported', what: node.entries().find(([key]) => key !== 'id')?.[0] ?? 'an empty expression' };
}

function readCall(call: ConfigNode, read: (child: ConfigNode | undefined) => CelExpression): CelExpression {
  const target = call.get('target');
  const given = call.list('args').map(read);
  return { kind: 'call', function: call.string('function'), arguments: target ? [read(target), ...given] : given };
}

function readConstant(constant: ConfigNode): CelExpression {
  const [int, uint] = [wholeNumber(constant.get('int64_value')), wholeNumber(constant.get('uint64_value'))];
  if (int !== undefined) return { kind: 'literal', value: int };
  if (uint !== undefined) return { kind: 'literal', value: { uint } };
  const double = constant.number('double_value');
  if (double !== undefined) return { kind: 'literal', value: double };
  const bool = constant.bool('bool_value');
  if (bool !== undefined) return { kind: 'literal', value: bool };
  if (constant.entry('null_value') ?? constant.entry('nullValue')) return { kind: 'literal', value: null };
  if (constant.has('string_value')) return { kind: 'literal', value: constant.string('string_value') };
  const time = parseTimestamp(constant.string('timestamp_value')) ?? parseDuration(constant.string('duration_value'));
  if (time) return { kind: 'literal', value: time };
  const bytes = constant.get('bytes_value')?.asString();
  const text = bytes === undefined ? undefined : decodeBase64Text(bytes);
  return text === undefined ? { kind: 'unsupported', what: 'a constant of another type' } : { kind: 'literal', value: { bytes: text } };
}

function wholeNumber(node: ConfigNode | undefined): bigint | undefined {
  const text = node && (node.asString() ?? String(node.asNumber() ?? ''));
  return text !== undefined && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}
