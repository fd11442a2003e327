/** Changes one thing of a bootstrap, with the schema's help. */
import { categoriesOfField, typesOfCategory } from '../../server/src/schema/extensions/extensionCategories';
import { enumType, messageType } from '../../server/src/schema/table/messageType';
import { childPointer, isObject, valueAt, withValue, type Json, type JsonObject } from './json';
import { listPlaces, type FieldPlace, type MessagePlace, type Places } from './listPlaces';
import { makeField, type Surroundings } from './makeMessage';
import type { Random } from './random';
import type { Field } from '../../server/src/schema/table/messageDescription';

export interface Mutation {
  readonly kind: string;
  /** Where the change was made. */
  readonly pointer: string;
  /** `Message.field` */
  readonly subject: string;
  readonly config: JsonObject;
}

type Changed = { readonly kind: string; readonly value: Json | undefined } | undefined;

/** One mutation of the configuration; undefined where the dice fell on nothing. */
export function mutate(config: JsonObject, random: Random): Mutation | undefined {
  const places = listPlaces(config);
  const around = { random, clusters: clusterNames(config) };
  return random.chance(0.35) ? mutateMessage(config, places, around) : mutateField(config, places, around);
}

function clusterNames(config: JsonObject): string[] {
  const clusters = valueAt(config, '/static_resources/clusters');
  return Array.isArray(clusters)
    ? clusters.flatMap((cluster) => (isObject(cluster) && typeof cluster['name'] === 'string' ? cluster['name'] : []))
    : [];
}

function mutateMessage(config: JsonObject, { messages }: Places, around: Surroundings): Mutation | undefined {
  const { random } = around;
  const place = random.pick(messages);
  if (!place) return undefined;
  if (random.chance(0.08)) {
    const pointer = childPointer(place.pointer, 'no_such_field');
    return { kind: 'unknown-field', pointer, subject: place.type.name, config: withValue(config, pointer, 1) };
  }
  return addField(config, place, around);
}

function addField(config: JsonObject, { pointer, type }: MessagePlace, around: Surroundings): Mutation | undefined {
  const given = valueAt(config, pointer);
  if (!isObject(given) || !type.complete) return undefined;
  const free = type.fieldList.filter(({ name, jsonName, removed }) => !removed && !(name in given) && !(jsonName in given));
  const field = around.random.pick(free);
  if (!field) return undefined;
  const at = childPointer(pointer, field.name);
  const value = makeField(field, type, around, 2);
  return { kind: 'add-field', pointer: at, subject: `${type.name}.${field.name}`, config: withValue(config, at, value) };
}

function mutateField(config: JsonObject, { fields }: Places, around: Surroundings): Mutation | undefined {
  const names = fields.filter(({ isName }) => isName);
  const place = around.random.pick(around.random.chance(0.12) && names.length > 0 ? names : fields);
  if (!place) return undefined;
  const item = pickItem(config, place, around.random);
  const value = valueAt(config, item);
  const changed = value === undefined ? undefined : changeValue(value, place, around, item !== place.pointer);
  if (!changed) return undefined;
  return {
    kind: changed.kind,
    pointer: item,
    subject: `${place.owner.name}.${place.field.name}`,
    config: withValue(config, item, changed.value),
  };
}

/** The list or map itself, or one of its values. */
function pickItem(config: JsonObject, { pointer, field }: FieldPlace, random: Random): string {
  const value = valueAt(config, pointer);
  if (random.chance(0.5)) return pointer;
  if (field.repeated && Array.isArray(value) && value.length > 0) return childPointer(pointer, random.below(value.length));
  const key = field.mapKey !== undefined && isObject(value) ? random.pick(Object.keys(value)) : undefined;
  return key === undefined ? pointer : childPointer(pointer, key);
}

function changeValue(value: Json, place: FieldPlace, around: Surroundings, isItem: boolean): Changed {
  const { random } = around;
  const { field, owner } = place;
  if (place.isName && typeof value === 'string' && random.chance(0.6)) return { kind: 'dangling', value: 'no-such-name' };
  if (random.chance(0.15)) return { kind: 'remove', value: undefined };
  if (random.chance(0.06)) return { kind: 'retype', value: random.pick<Json>(['x', 7, true, {}, [], [[]], 1.5, '']) ?? null };
  if (Array.isArray(value)) return changeList(value, random);
  if (!isItem && field.mapKey !== undefined) return { kind: 'empty-map', value: {} };
  if (random.chance(0.3)) return { kind: 'other-value', value: otherValue(place, around, isItem) };
  if (isObject(value)) return changeMessage(value, place, random);
  return changeScalar(value, field, owner.name, random);
}

function otherValue({ field, owner }: FieldPlace, around: Surroundings, isItem: boolean): Json {
  return makeField(isItem ? single(field) : field, owner, around, 2);
}

function single(field: Field): Field {
  const { mapKey: _, rules, ...rest } = field;
  const inner = field.mapKey !== undefined ? rules?.values : rules?.items;
  return { ...rest, repeated: false, ...(inner && { rules: inner }) };
}

function changeList(list: Json[], random: Random): Changed {
  if (list.length === 0) return undefined;
  const at = random.below(list.length);
  switch (random.below(4)) {
    case 0:
      return { kind: 'empty-list', value: [] };
    case 1:
      return { kind: 'repeat-item', value: [...list, structuredClone(list[at] ?? null)] };
    case 2:
      return { kind: 'reverse-list', value: [...list].reverse() };
    default:
      return { kind: 'drop-item', value: list.filter((_, index) => index !== at) };
  }
}

function changeMessage(value: JsonObject, { field, owner }: FieldPlace, random: Random): Changed {
  if ('@type' in value) {
    const categories = categoriesOfField(field, owner) ?? categoriesOfField({ name: 'typed_config' }, owner) ?? [];
    const others = ['google.protobuf.Struct', 'envoy.no.such.Type', 'envoy.config.cluster.v3.Cluster'];
    const siblings = categories.flatMap((category) => [...typesOfCategory(category)]);
    const type = random.pick(random.chance(0.5) ? others : siblings) ?? others[0] ?? '';
    if (random.chance(0.1)) return { kind: 'no-type', value: Object.fromEntries(Object.entries(value).filter(([key]) => key !== '@type')) };
    return {
      kind: 'other-type',
      value: random.chance(0.5) ? { '@type': `type.googleapis.com/${type}` } : { ...value, '@type': `type.googleapis.com/${type}` },
    };
  }
  return messageType(field.message ?? '') ? { kind: 'empty-message', value: {} } : undefined;
}

const NUMBERS = [-1, 0, 1, 100, 101, 255, 256, 599, 600, 999, 1000, 65_535, 65_536, 1e6, 2 ** 31, 4_294_967_295, 4_294_967_296, 1.5];
const DURATIONS = ['0s', '-1s', '1m', '0.000001s', '0.0000000001s', '1', '315576000001s', '86400s', '0.5s', '4000000s'];
const TEXTS = [
  '', ' ', 'a b', 'x\ny', '\u0001', '*', '%', '%%', '%REQ(', '%REQ(x)%', '%NO_SUCH_COMMAND%', '%REQ(x):-1%', '%START_TIME(%Y)%', '(', '[', '(?=x)', '*.*', '*.a.com', 'a.*',
  ':path', 'host', 'Host', '/', 'x/', 'http://x', '256.1.1.1', '::1', '10.0.0.0/33', '%DYNAMIC_METADATA(a)%', '%FILTER_STATE(a:X)%', 'é', '{a}', '/{a}', '/**/*',
  'AES128-NOPE', 'x'.repeat(300), '%RESPONSE_CODE%', '%ENVIRONMENT(X)%', '\\1', '\\9', 'no-such-name',
]; // prettier-ignore

function changeScalar(value: Json, field: Field, _owner: string, random: Random): Changed {
  if (field.type === 'enum') {
    const values = enumType(field.enumName ?? '')?.values ?? [];
    return { kind: 'enum', value: random.chance(0.2) ? 'NO_SUCH_VALUE' : random.chance(0.1) ? 99 : (random.pick(values)?.name ?? 0) };
  }
  if (field.message === 'google.protobuf.Duration') return { kind: 'duration', value: random.pick(DURATIONS) ?? '' };
  if (typeof value === 'boolean') return { kind: 'flip', value: !value };
  if (typeof value === 'number') return { kind: 'number', value: random.pick([...NUMBERS, value - 1, value + 1]) ?? 0 };
  if (typeof value === 'string') {
    if (random.chance(0.15)) return { kind: 'text', value: `${value}x` };
    if (random.chance(0.1)) return { kind: 'text', value: `%${value}` };
    return { kind: 'text', value: random.pick(TEXTS) ?? '' };
  }
  return undefined;
}
