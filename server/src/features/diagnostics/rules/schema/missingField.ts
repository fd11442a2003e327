/** A field that the API demands (protoc-gen-validate: required, or a default that its rules refuse). */
import { isRouteSettings } from '../../../../schema/extensions/extensionCategories';
import type { ConfigNode } from '../../../../schema/configNode';
import { messageType, type MessageType } from '../../../../schema/table/messageType';
import { NodeKind, type NodeId } from '../../../../syntax/tree/syntaxTree';
import { refusalAt } from '../../typesAbove';
import type { SchemaRule, SetField } from '../../rule';
import { shortName } from './unknownField';
import { memoizeByObject } from '../../../../text/memoizeByObject';
import type { Field, FieldRules } from '../../../../schema/table/messageDescription';

export const missingField: SchemaRule = {
  code: 'missing-field',
  applies: 'written',
  visit: (report) => {
    /** Messages that their field exempts from the rules. */
    const exempt = new Set<NodeId>();
    return {
      field(value, { rules }) {
        if (rules?.skip) exempt.add(value.id);
      },
      message(message, type, fields) {
        if (message.isIncomplete || exempt.has(message.id) || isMistaken(message, type)) return;
        for (const missing of missingOf(type, fields)) report.add(refusalAt(message, `${shortName(type.name)}: ${missing}`));
      },
      value(value, field) {
        // protobuf reads a null in a list of messages as an empty message.
        if (!field.repeated || field.type !== 'message' || value.tree.kind(value.id) !== NodeKind.null || !value.parent?.isArray) return;
        const type = messageType(field.message ?? '');
        if (!type || type.wellKnown !== undefined) return;
        const [missing] = missingOf(type, []);
        if (missing !== undefined) report.add(refusalAt(value, `${shortName(type.name)}: ${missing}`));
      },
    };
  },
};

/** Settings for a route where the filter's own are expected: Envoy reads them as those (rule wrong-extension). */
function isMistaken({ parent }: ConfigNode, { name }: MessageType): boolean {
  return isRouteSettings(name) && (parent?.parent?.isField('http_filters') ?? false);
}

/** What a message lacks that has these fields. */
export function missingOf(type: MessageType, fields: readonly SetField[]): string[] {
  const demands = demandsOf(type);
  if (demands.fields.length + demands.oneofs.length === 0) return [];
  const set = new Set(fields.map(({ field }) => field.name));
  const oneofs = new Set(fields.map(({ field }) => field.oneof));
  return [
    ...demands.fields.filter(({ name }) => !set.has(name)).map(({ name, reason }) => `"${name}" ${reason}`),
    ...demands.oneofs
      .filter(({ name }) => !oneofs.has(name))
      .map(({ name, choices }) => `${choices.includes(',') ? 'one of ' : ''}${choices} must be set ("${name}" is required)`),
  ];
}

interface Demands {
  readonly fields: readonly { readonly name: string; readonly reason: string }[];
  readonly oneofs: readonly { readonly name: string; readonly choices: string }[];
}

const demandsOf = memoizeByObject((type: MessageType): Demands => {
  const fields = type.fieldList.flatMap((field) => {
    const reason = field.removed ? undefined : refusalOfDefault(field);
    return reason === undefined ? [] : [{ name: field.name, reason }];
  });
  const oneofs = type.oneofs
    .filter(({ required }) => required)
    .map(({ name }) => ({ name, choices: choicesOf(type, name) }))
    .filter(({ choices }) => choices !== '');
  return { fields, oneofs };
});

function choicesOf(type: MessageType, oneof: string): string {
  return type.fieldList
    .filter((field) => field.oneof === oneof && !field.removed)
    .map(({ name }) => `"${name}"`)
    .join(', ');
}

/** Why the value that an unset field has is refused; undefined where it may be left out. */
function refusalOfDefault(field: Field): string | undefined {
  const { rules, oneof } = field;
  if (!rules || rules.ignoreEmpty || oneof !== undefined) return undefined;
  if (field.repeated) return (rules.minItems ?? 0) > 0 ? `must contain at least ${rules.minItems} item(s)` : undefined;
  if (field.mapKey !== undefined) return (rules.minPairs ?? 0) > 0 ? `must contain at least ${rules.minPairs} pair(s)` : undefined;
  if (rules.required) return 'is required';
  if (field.type === 'message') return undefined;
  if (field.type === 'string' || field.type === 'bytes') return refusalOfEmptyText(rules);
  return refusalOfZero(field, rules);
}

function refusalOfEmptyText(rules: FieldRules): string | undefined {
  const least = rules.minLen ?? rules.minBytes ?? rules.len ?? 0;
  return least > 0 ? `is required: value length must be at least ${least} characters` : undefined;
}

function refusalOfZero(field: Field, rules: FieldRules): string | undefined {
  if (field.type === 'enum') return rules.notIn?.includes(0) ? 'must be set' : undefined;
  if (field.type === 'bool') return rules.const === true ? 'must be true' : undefined;
  const isOutside = isAbove(rules);
  if (rules.gt !== undefined && Number(rules.gt) >= 0 && !isOutside) return `is required: value must be greater than ${rules.gt}`;
  return rules.gte !== undefined && Number(rules.gte) > 0 && !isOutside
    ? `is required: value must be greater than or equal to ${rules.gte}`
    : undefined;
}

/** A lower bound above the upper one: the value must lie outside, and 0 does. */
function isAbove({ gt, gte, lt, lte }: FieldRules): boolean {
  const upper = lt ?? lte;
  return upper !== undefined && Number(gt ?? gte) > Number(upper);
}
