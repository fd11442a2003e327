/** Packs decoded descriptors into the lines of the schema table; the grammar of a line is described in server/src/schema/table/readTable.ts. */
import { readRaw } from './decodeDescriptors.mjs';
import { decodeRules } from './decodeRules.mjs';

const OPTION = {
  deprecated: 3,
  enumValueDeprecated: 1,
  mapEntry: 7,
  validateRules: 1071,
  fieldBehavior: 1052,
  udpaSensitive: 76569463,
  xdsSensitive: 61008053,
  versioning: 7881811,
  disallowedByDefault: 189503207,
  enumDisallowedByDefault: 70100853,
};
const FIELD_BEHAVIOR_REQUIRED = 2n;
/** FieldDescriptorProto.Type → letter. */
const LETTERS = {
  1: 'd',
  2: 'f',
  3: 'l',
  4: 'v',
  5: 'i',
  6: 'X',
  7: 'x',
  8: 'b',
  9: 's',
  12: 'y',
  13: 'u',
  15: 'p',
  16: 'P',
  17: 'z',
  18: 'Z',
};
const TYPE_MESSAGE = 11;
const TYPE_ENUM = 14;
const LABEL_REPEATED = 3;

/** Packages that describe protos, services and load reports, not configuration; udpa.type (TypedStruct) is in the overlay. */
const LEFT_OUT =
  /^(validate|pb|grpc\.binarylog\..*|google\.api|(xds|udpa|envoy)\.annotations(\..*)?|(xds|udpa)\.(data|service)\..*|udpa\.type\..*|istio\.mcp\..*)$/;
const LEFT_OUT_FILES = new Set(['google/protobuf/descriptor.proto', 'google/protobuf/go_features.proto']);

const isSet = (options, number) => options.has(number) && options.get(number).at(-1) !== 0n;
const base36 = (number) => number.toString(36);
const byName = (a, b) => (a.fullName < b.fullName ? -1 : a.fullName > b.fullName ? 1 : 0);

/** @returns {{ messages: string[], enums: string[], rules: string[], aliases: string[] }} */
export function packTable(files) {
  const all = collect(files);
  const successors = findSuccessors(all.messages);
  const resolve = (name) => successors.get(name) ?? name;
  const kept = [...all.messages.values()]
    .filter((message) => !successors.has(message.fullName) && !isMapEntry(message.descriptor))
    .sort(byName);
  const fieldsOf = new Map(kept.map((message) => [message.fullName, mergedFields(message, all, successors)]));
  const enums = keptEnums(all, fieldsOf, successors);
  const context = {
    all,
    resolve,
    messageIndex: new Map(kept.map((message, index) => [message.fullName, index])),
    enumIndex: new Map(enums.map((entry, index) => [entry.fullName, index])),
    rules: countRules(fieldsOf),
  };
  const messageLines = kept.map((message) => packMessage(message, fieldsOf.get(message.fullName), context));
  return {
    messages: grouped(kept, messageLines),
    enums: grouped(enums, enums.map(packEnum)),
    rules: [...context.rules.keys()],
    aliases: packAliases(successors),
  };
}

const isMapEntry = (descriptor) => isSet(descriptor.options, OPTION.mapEntry);

function collect(files) {
  const messages = new Map();
  const enums = new Map();
  const addEnum = (packageName, path, descriptor) => {
    const fullName = [packageName, path, descriptor.name].filter(Boolean).join('.');
    enums.set(fullName, { fullName, packageName, owner: path && `${packageName}.${path}`, descriptor, values: descriptor.values });
  };
  const addMessage = (packageName, path, descriptor) => {
    const ownPath = path ? `${path}.${descriptor.name}` : descriptor.name;
    const fullName = `${packageName}.${ownPath}`;
    messages.set(fullName, { fullName, packageName, descriptor });
    for (const inner of descriptor.messages) addMessage(packageName, ownPath, inner);
    for (const inner of descriptor.enums) addEnum(packageName, ownPath, inner);
  };
  for (const file of files) {
    if (LEFT_OUT.test(file.package) || LEFT_OUT_FILES.has(file.name)) continue;
    for (const message of file.messages) addMessage(file.package, '', message);
    for (const entry of file.enums) addEnum(file.package, '', entry);
  }
  return { messages, enums };
}

/** Old name → today's name, from udpa.annotations.versioning.previous_message_type, followed to the newest. */
function findSuccessors(messages) {
  const direct = new Map();
  for (const message of messages.values()) {
    const versioning = message.descriptor.options.get(OPTION.versioning)?.at(-1);
    const previous = versioning && readRaw(versioning).get(1)?.at(-1);
    if (!previous) continue;
    const name = new TextDecoder().decode(previous);
    // A v3 message that still exists was copied, not moved.
    if (name.includes('.v3.') && messages.has(name)) continue;
    const other = direct.get(name);
    if (!other || closeness(message.fullName, name) > closeness(other, name)) direct.set(name, message.fullName);
  }
  const newest = (name) => (direct.has(name) ? newest(direct.get(name)) : name);
  return new Map([...direct.keys()].sort().map((name) => [name, newest(name)]));
}

/** Where two messages name one predecessor: the one whose package shares more words is the move, the other a copy. */
function closeness(name, previous) {
  const words = new Set(previous.split('.'));
  return name.split('.').filter((word) => words.has(word)).length;
}

/** A message's own fields, and after them those that only its predecessors had (marked as removed). */
function mergedFields(message, all, successors) {
  const merged = new Map(message.descriptor.fields.map((field) => [field.name, { field, owner: message.descriptor, removed: false }]));
  for (const [old, newest] of successors) {
    if (newest !== message.fullName) continue;
    const previous = all.messages.get(old);
    for (const field of previous?.descriptor.fields ?? [])
      if (!merged.has(field.name)) merged.set(field.name, { field, owner: previous.descriptor, removed: true });
  }
  return [...merged.values()];
}

/** Enums of kept messages; values that only a predecessor's enum had come along, marked as removed. */
function keptEnums(all, fieldsOf, successors) {
  const used = new Set();
  for (const fields of fieldsOf.values())
    for (const { field, owner } of fields) {
      if (field.type === TYPE_ENUM) used.add(field.typeName);
      const value = mapEntry(field, owner)?.fields[1];
      if (value?.type === TYPE_ENUM) used.add(value.typeName);
    }
  const kept = [...all.enums.values()].filter(
    ({ fullName, owner }) => used.has(fullName) || (owner ? fieldsOf.has(owner) : !/\.v2(alpha\d*)?\./.test(fullName)),
  );
  return kept.sort(byName).map((entry) => ({ ...entry, values: mergedValues(entry, all, successors) }));
}

function mergedValues(entry, all, successors) {
  const values = [...entry.descriptor.values];
  const names = new Set(values.map((value) => value.name));
  for (const [old, newest] of successors)
    if (newest === entry.owner)
      for (const value of all.enums.get(`${old}.${entry.descriptor.name}`)?.descriptor.values ?? [])
        if (!names.has(value.name)) values.push({ ...value, removed: true });
  return values;
}

function mapEntry(field, owner) {
  if (field.type !== TYPE_MESSAGE || field.label !== LABEL_REPEATED) return undefined;
  return owner.messages.find((inner) => isMapEntry(inner) && field.typeName.endsWith(`.${owner.name}.${inner.name}`));
}

function rulesOf(field) {
  const encoded = field.options.get(OPTION.validateRules)?.at(-1);
  const rules = encoded ? decodeRules(encoded) : {};
  const behavior = (field.options.get(OPTION.fieldBehavior) ?? []).flatMap((value) =>
    value instanceof Uint8Array ? [...value].map(BigInt) : [value],
  );
  if (behavior.includes(FIELD_BEHAVIOR_REQUIRED)) rules.required = true;
  return Object.keys(rules).length > 0 ? JSON.stringify(rules) : '';
}

/** Distinct rules, the most used first (their numbers are the shortest); equal counts in order of their text. */
function countRules(fieldsOf) {
  const counts = new Map();
  for (const fields of fieldsOf.values())
    for (const { field } of fields) {
      const rules = rulesOf(field);
      if (rules) counts.set(rules, (counts.get(rules) ?? 0) + 1);
    }
  const ordered = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return new Map(ordered.map(([rules], index) => [rules, index]));
}

function packMessage(message, fields, context) {
  const oneofs = realOneofs(message.descriptor);
  const packed = fields.map((entry) => packField(entry, oneofs, context));
  const columns = [message.fullName.slice(message.packageName.length + 1), packed.join(' ')];
  if (oneofs.length > 0)
    columns.push(oneofs.map(({ name, options }) => (isSet(options, OPTION.validateRules) ? `${name}!` : name)).join(' '));
  return columns.join('\t').trimEnd();
}

/** `optional` in proto3 makes a oneof of one; it is none. */
function realOneofs(descriptor) {
  const synthetic = new Set(descriptor.fields.filter((field) => field.proto3Optional).map((field) => field.oneofIndex));
  return descriptor.oneofs.filter((_, index) => !synthetic.has(index));
}

function packField({ field, owner, removed }, oneofs, context) {
  const entry = mapEntry(field, owner);
  const value = entry ? entry.fields[1] : field;
  const shape = entry ? `%${LETTERS[entry.fields[0].type]}` : field.label === LABEL_REPEATED ? '*' : '';
  const oneof = field.oneofIndex === undefined ? -1 : oneofs.findIndex(({ name }) => name === owner.oneofs[field.oneofIndex]?.name);
  const rules = rulesOf(field);
  return [
    `${field.name}:${shape}${packType(value, context)}`,
    isSet(field.options, OPTION.deprecated) || removed ? '!' : '',
    isSet(field.options, OPTION.disallowedByDefault) ? '^' : '',
    isSet(field.options, OPTION.udpaSensitive) || isSet(field.options, OPTION.xdsSensitive) ? '$' : '',
    removed ? '-' : '',
    oneof >= 0 ? `@${base36(oneof)}` : '',
    rules ? `~${base36(context.rules.get(rules))}` : '',
    field.jsonName && field.jsonName !== camelCase(field.name) ? `=${field.jsonName}` : '',
  ].join('');
}

function packType(field, context) {
  if (field.type !== TYPE_MESSAGE && field.type !== TYPE_ENUM) {
    const letter = LETTERS[field.type];
    if (!letter) throw new Error(`field ${field.name}: type ${field.type} is not expected in proto3`);
    return letter;
  }
  const isMessage = field.type === TYPE_MESSAGE;
  const index = isMessage ? context.messageIndex.get(context.resolve(field.typeName)) : context.enumIndex.get(field.typeName);
  if (index === undefined) throw new Error(`field ${field.name}: type ${field.typeName} is not in the set`);
  return `${isMessage ? 'M' : 'E'}${base36(index)}`;
}

function camelCase(name) {
  return name.replace(/_+([a-zA-Z0-9])/g, (_, letter) => letter.toUpperCase()).replace(/_+$/, '');
}

function packEnum({ fullName, packageName, values }) {
  let expected = 0;
  const packed = values.map((value) => {
    const number = value.number === expected ? '' : `=${value.number}`;
    expected = value.number + 1;
    const deprecated = isSet(value.options, OPTION.enumValueDeprecated) || value.removed ? '!' : '';
    const disallowed = isSet(value.options, OPTION.enumDisallowedByDefault) ? '^' : '';
    return `${value.name}${number}${deprecated}${disallowed}${value.removed ? '-' : ''}`;
  });
  return `${fullName.slice(packageName.length + 1)}\t${packed.join(' ')}`;
}

/** One `@package` line before the entries of each package. */
function grouped(entries, lines) {
  let current;
  return entries.flatMap(({ packageName }, index) => {
    const header = packageName === current ? [] : [`@${packageName}`];
    current = packageName;
    return [...header, lines[index]];
  });
}

/** `old new`; a nested message that moved with its parent needs no line of its own. */
function packAliases(successors) {
  return [...successors].filter(([old, newest]) => !movedWithParent(old, newest, successors)).map(([old, newest]) => `${old} ${newest}`);
}

function movedWithParent(old, newest, successors) {
  const dot = old.lastIndexOf('.');
  const parent = successors.get(old.slice(0, dot));
  return parent !== undefined && newest === parent + old.slice(dot);
}
