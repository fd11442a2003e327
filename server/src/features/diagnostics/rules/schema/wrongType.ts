/** A value of another type than the field's: Envoy cannot read the file. */
import type { ConfigNode } from '../../../../schema/configNode';
import { FLAG_COPY, NodeKind } from '../../../../syntax/tree/syntaxTree';
import { putInQuotes, replaceScalar } from '../../../writing/textChanges';
import { errorAt } from '../../problem';
import type { ProblemFix, SchemaRule } from '../../rule';
import { describeBrokenNumber, MAX_SECONDS } from '../../schemaCheck/brokenRule';
import { describeWrongType } from '../../schemaCheck/wrongType';
import type { Field } from '../../../../schema/table/messageDescription';

/** yaml-cpp ends a plain text in a flow collection at `?` (exp.h, EndScalarInFlow), and then finds no token. */
function hasLooseQuestionMark({ tree, id, parent }: ConfigNode): boolean {
  if (tree.language !== 'yaml' || tree.kind(id) !== NodeKind.string || tree.hasFlag(id, FLAG_COPY)) return false;
  const { start, end } = tree.span(id);
  const text = tree.text.slice(start, end);
  if (!text.includes('?') || /^['"|>&!]/.test(text)) return false;
  for (let at = parent; at; at = at.parent) if (/[[{]/.test(tree.text.charAt(tree.start(at.id)))) return true;
  return false;
}

/** Seconds of one unit. */
const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, sec: 1, ms: 1e-3, us: 1e-6, ns: 1e-9, m: 60, min: 60, h: 3600, d: 86_400 };

/** A text that stands there as something else, and a duration in another unit. */
function fixOf(value: ConfigNode, field: Field): ProblemFix | undefined {
  const { tree, id } = value;
  if (tree.isContainer(id)) return undefined;
  if (field.message === 'google.protobuf.Duration') {
    const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(String(tree.scalar(id))) ?? [];
    const factor = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
    if (count === '' || factor === undefined) return undefined;
    const seconds = Number((Number(count) * factor).toFixed(9));
    // One that Envoy refuses all the same is no help.
    if (seconds > MAX_SECONDS || (field.rules && describeBrokenNumber(seconds, field.rules) !== undefined)) return undefined;
    const text = `${seconds}s`;
    return { title: `Change to "${text}"`, changes: replaceScalar(value, text) };
  }
  const isPlain = typeof tree.scalar(id) !== 'string' || tree.language === 'yaml';
  return field.type === 'string' && isPlain ? { title: 'Put it in quotes', changes: putInQuotes(value) } : undefined;
}

export const wrongType: SchemaRule = {
  code: 'wrong-type',
  applies: 'written',
  visit: (report) => ({
    field(value, field) {
      if (field.mapKey === undefined || value.isObject) return;
      report.add(errorAt(value, `"${field.name}" must be an object (a map)`));
    },
    value(value: ConfigNode, field) {
      if (field.mapKey !== undefined && !(value.parent?.isObject ?? false)) return;
      if (field.typedByName || (field.removed && !report.isBootstrap)) return;
      const wrong = describeWrongType(value, field);
      if (wrong === undefined && hasLooseQuestionMark(value))
        report.add(
          errorAt(value, `"${field.name}" must stand in quotes: between braces Envoy's YAML reader takes "?" for the mark of a key`, {
            fix: () => ({ title: 'Put it in quotes', changes: putInQuotes(value) }),
          }),
        );
      if (wrong !== undefined) report.add(errorAt(value, `"${field.name}" ${wrong}`, { fix: () => fixOf(value, field) }));
    },
  }),
};
