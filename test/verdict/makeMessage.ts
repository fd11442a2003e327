/** Makes values of fields by the schema: mostly such as Envoy may take, now and then odd ones. */
import { categoriesOfField, typesOfCategory } from '../../server/src/schema/extensions/extensionCategories';
import { enumType, messageType, type MessageType } from '../../server/src/schema/table/messageType';
import type { Json, JsonObject } from './json';
import type { Random } from './random';
import type { Field, FieldRules } from '../../server/src/schema/table/messageDescription';

export interface Surroundings {
  readonly random: Random;
  /** Names that exist where the value will stand. */
  readonly clusters: readonly string[];
}

const MAX_DEPTH = 6;

/** A message with what it demands and some of what it allows. */
export function makeMessage(type: MessageType, around: Surroundings, depth = 0): JsonObject {
  const { random } = around;
  const made: JsonObject = {};
  if (depth > 2 * MAX_DEPTH) return made;
  const optional = depth === 0 ? 0.25 : depth < 3 ? 0.12 : 0.04;
  const fields = type.fieldList.filter(({ removed, deprecated }) => !removed && !deprecated);
  for (const oneof of type.oneofs) {
    const all = fields.filter((field) => field.oneof === oneof.name);
    const flat = all.filter(({ type: kind }) => kind !== 'message');
    const choices = depth > MAX_DEPTH && flat.length > 0 ? flat : all;
    const chosen = oneof.required || random.chance(optional) ? random.pick(choices) : undefined;
    if (chosen) made[chosen.name] = makeField(chosen, type, around, depth + 1);
  }
  for (const field of fields) {
    if (field.oneof !== undefined) continue;
    if (isDemanded(field) || (depth < MAX_DEPTH && random.chance(field.type === 'message' ? optional : optional * 1.5)))
      made[field.name] = makeField(field, type, around, depth + 1);
  }
  return made;
}

function isDemanded({ rules, repeated, mapKey, type }: Field): boolean {
  if (!rules || rules.ignoreEmpty) return false;
  if (repeated) return (rules.minItems ?? 0) > 0;
  if (mapKey !== undefined) return (rules.minPairs ?? 0) > 0;
  if (rules.required) return true;
  return type === 'string' ? (rules.minLen ?? rules.minBytes ?? 0) > 0 : rules.gt !== undefined || Number(rules.gte ?? 0) > 0;
}

export function makeField(field: Field, owner: MessageType, around: Surroundings, depth: number): Json {
  const { random } = around;
  const one = (rules?: FieldRules): Json => makeValue(field, owner, { ...around, rules, depth });
  if (field.mapKey !== undefined) return { [mapKeyOf(field, random)]: one(field.rules?.values) };
  if (!field.repeated) return one(field.rules);
  const count = Math.max(field.rules?.minItems ?? 0, random.chance(0.8) ? 1 : 2);
  return Array.from({ length: Math.min(count, 4) }, () => one(field.rules?.items));
}

function mapKeyOf({ mapKey }: Field, random: Random): string {
  if (mapKey === 'bool') return 'true';
  return mapKey === 'string' ? `k${random.below(3)}` : String(random.below(3));
}

interface Making extends Surroundings {
  readonly rules: FieldRules | undefined;
  readonly depth: number;
}

function makeValue(field: Field, owner: MessageType, making: Making): Json {
  const { random, rules } = making;
  switch (field.type) {
    case 'message':
      return makeMessageValue(field, owner, making);
    case 'enum': {
      const values = (enumType(field.enumName ?? '')?.values ?? []).filter(({ removed, deprecated }) => !removed && !deprecated);
      return random.pick(values)?.name ?? 0;
    }
    case 'bool':
      return random.chance(0.6);
    case 'string':
      // Envoy opens the files of access logs.
      return field.name === 'path' && owner.name.endsWith('AccessLog') ? '/dev/null' : makeText(field, making);
    case 'bytes':
      return 'aGVsbG8=';
    default:
      return makeNumber(rules, random);
  }
}

function makeNumber(rules: FieldRules | undefined, random: Random): number {
  const [choice] = rules?.in ?? [];
  if (choice !== undefined) return Number(choice);
  const low = rules?.gt !== undefined ? Number(rules.gt) + 1 : Number(rules?.gte ?? 0);
  const high = rules?.lt !== undefined ? Number(rules.lt) - 1 : Number(rules?.lte ?? Math.max(low, 100));
  return random.chance(0.3) ? low : random.chance(0.2) ? high : Math.round(low + random.next() * (Math.min(high, low + 100) - low));
}

const TEXTS = ['x', 'a-b', '/x', '127.0.0.1', 'x-header', '.*', 'a.com', '%REQ(x)%', 'GET', '100', 'envoy'];

function makeText({ name }: Field, { random, rules, clusters }: Making): string {
  const [choice] = rules?.in ?? [];
  if (typeof choice === 'string') return choice;
  if (/cluster/.test(name) && !/header/.test(name)) return random.pick(clusters) ?? 'c';
  if (/regex/.test(name)) return '[a-z]+';
  if (/header|key/.test(name)) return `x-h${random.below(3)}`;
  if (/path|prefix/.test(name) && !/stat/.test(name)) return '/x';
  if (/address/.test(name)) return '10.0.0.1';
  if (/name|stat_prefix|id$/.test(name)) return `n${random.below(4)}`;
  const text = random.pick(TEXTS) ?? 'x';
  return text.padEnd(rules?.minLen ?? 0, 'x').slice(0, rules?.maxLen ?? 100);
}

function makeMessageValue(field: Field, owner: MessageType, making: Making): Json {
  const { random, depth } = making;
  const name = field.message ?? '';
  const type = messageType(name);
  if (name === 'envoy.config.core.v3.TypedExtensionConfig') {
    const any = makeAny(field, owner, making);
    return { name: `x${random.below(100)}`, ...(any && { typed_config: any }) };
  }
  switch (type?.wellKnown) {
    case 'any':
      return makeAny(field, owner, making) ?? {};
    case 'struct':
      return { a: 1, b: 'x' };
    case 'value':
      return random.pick<Json>([1, 'x', true, { a: 1 }]) ?? 1;
    case 'list_value':
      return [1];
    case 'duration':
      return `${makeNumber(making.rules, random)}s`;
    case 'timestamp':
      return '2030-01-01T00:00:00Z';
    case 'field_mask':
      return 'a.b';
    case 'wrapper': {
      const inner = type.fields.get('value');
      return inner ? makeValue({ ...inner, name: field.name }, owner, making) : 1;
    }
    default:
      return type ? makeMessage(type, making, depth) : {};
  }
}

function makeAny(field: Field, owner: MessageType, making: Making): JsonObject | undefined {
  const { random, depth } = making;
  const categories = categoriesOfField(field, owner) ?? [];
  const types = categories.flatMap((category) => [...typesOfCategory(category)]);
  const name = random.pick(types.filter((each) => !/dynamic_modules|PerRoute|wasm/i.test(each)));
  const type = name === undefined ? undefined : messageType(name);
  return type && { '@type': `type.googleapis.com/${type.name}`, ...makeMessage(type, making, depth) };
}
