/** A cursor over a document that reads messages by the rules of proto JSON: either spelling of a field, null as unset. */
import { nextOf } from '../syntax/tree/treeColumns';
import { FLAG_COPY, FLAG_INCOMPLETE, NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../syntax/tree/syntaxTree';
import { clusterMessageOfName } from './extensions/clusterTypes';
import { readKeptBack } from './keptBackText';
import { messageNameOfTypeUrl, upgradeMessageName } from './table/typeUrl';

/** A message behind an `Any` or a TypedStruct: its v3 name and the node that holds its fields. */
export interface TypedConfig {
  /** Example: `envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy`; empty where no type is given. */
  readonly type: string;
  readonly node: ConfigNode;
}

const TRUE_WORD = /^(?:true|t|yes|y|on|1)$/i;
const FALSE_WORD = /^(?:false|f|no|n|off|0)$/i;

/** Protobuf's JSON reader (message_depth_limit). */
const MOST_LEVELS = 100;

export class ConfigNode {
  constructor(
    readonly tree: SyntaxTree,
    readonly id: NodeId,
  ) {}

  /** A field by its proto name (snake_case); the lowerCamelCase twin is found as well; `null` counts as unset. */
  get(name: string): ConfigNode | undefined {
    const child = findField(this.tree, this.id, name);
    return child === NO_NODE ? undefined : new ConfigNode(this.tree, child);
  }

  /** Follows several fields; undefined as soon as one is unset. */
  path(...names: string[]): ConfigNode | undefined {
    let at: NodeId = this.id;
    for (const name of names) {
      at = findField(this.tree, at, name);
      if (at === NO_NODE) return undefined;
    }
    return new ConfigNode(this.tree, at);
  }

  has(name: string): boolean {
    return findField(this.tree, this.id, name) !== NO_NODE;
  }

  /** A string field; numbers and booleans give their text; '' when unset (proto3's default). */
  string(name: string): string {
    const field = this.get(name);
    return field?.asString() ?? field?.unwrapped()?.asString() ?? '';
  }

  /** The name of an enum's value: Envoy reads `strict_dns` as STRICT_DNS (source/common/protobuf/yaml_utility.cc, case_insensitive_enum_parsing). '' when unset. */
  enumName(name: string): string {
    return this.string(name).toUpperCase();
  }

  /** Whether an enum field has a value, that is given by its name or its number; an unset one has the value 0. */
  isEnum(field: string, name: string, number: number): boolean {
    const given = this.enumName(field);
    return given === name || given === String(number) || (given === '' && number === 0);
  }

  /**
   * The value of an enum field, given by its name or its number; an unset one has the value 0. `names` by their numbers, from 0 on, '' where
   * there is none; undefined where it is none of these.
   */
  enumValue<const Name extends string>(field: string, names: readonly Name[]): Name | undefined {
    const given = this.enumName(field);
    return given === '' ? names[0] : names.find((name, number) => name === given || String(number) === given);
  }

  /** A number field; int64 may be a string; undefined when unset or not a number. */
  number(name: string): number | undefined {
    const field = this.get(name);
    if (!field?.isObject) return field?.asNumber();
    return field.isEmpty ? 0 : field.unwrapped()?.asNumber();
  }

  /** A bool field; undefined when unset. */
  bool(name: string): boolean | undefined {
    const field = this.get(name);
    if (!field?.isObject) return field?.asBoolean();
    return field.isEmpty ? false : field.unwrapped()?.asBoolean();
  }

  /** A wrapper (`UInt32Value` …) may be written as the message that it is, `{value: 5}`: Envoy takes both (observed with 1.40). */
  private unwrapped(): ConfigNode | undefined {
    return this.isObject ? this.get('value') : undefined;
  }

  private get isEmpty(): boolean {
    return !this.isIncomplete && this.entries().length === 0;
  }

  /** The items of a repeated field, or the first `count` of them; [] when unset. Protobuf's JSON reader takes a single value for a list of one, and lists in it for their items, and so does Envoy. */
  list(name: string, count = Infinity): ConfigNode[] {
    const field = this.get(name);
    if (!field) return [];
    if (!field.isArray) return [field];
    return this.tree.mapListItems(field.id, (item) => new ConfigNode(this.tree, item), count);
  }

  /** The entries of a map field; [] when unset. */
  map(name: string): [key: string, value: ConfigNode][] {
    return this.get(name)?.entries() ?? [];
  }

  /** A google.protobuf.Duration (`1.5s`, or `{seconds: 1, nanos: 500000000}`) in milliseconds; undefined when unset or unreadable. */
  duration(name: string): number | undefined {
    const field = this.get(name);
    if (field?.isObject) return field.isIncomplete ? undefined : (field.number('seconds') ?? 0) * 1000 + (field.number('nanos') ?? 0) / 1e6;
    const text = field?.asString();
    const match = text === undefined ? null : /^(-?\d+(?:\.\d+)?)s$/.exec(text);
    return match ? Number(match[1]) * 1000 : undefined;
  }

  /** The message in an `Any` field (default `typed_config`), seen through TypedStruct; old `config` fields have no type. */
  typed(name = 'typed_config'): TypedConfig | undefined {
    const any = this.get(name);
    return any && readTyped(any);
  }

  items(): ConfigNode[] {
    const { tree, id } = this;
    const found: ConfigNode[] = [];
    if (tree.kind(id) !== NodeKind.array) return found;
    const end = tree.next(id);
    for (let item = id + 1; item < end; item = tree.next(item)) found.push(new ConfigNode(tree, item));
    return found;
  }

  entries(): [key: string, value: ConfigNode][] {
    if (this.tree.kind(this.id) !== NodeKind.object) return [];
    return this.tree.children(this.id).map((child) => [this.tree.key(child) ?? '', new ConfigNode(this.tree, child)]);
  }

  /** A map's value by its exact key. */
  entry(key: string): ConfigNode | undefined {
    const child = this.tree.child(this.id, key);
    return child === NO_NODE ? undefined : new ConfigNode(this.tree, child);
  }

  asString(): string | undefined {
    const value = this.tree.scalar(this.id);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number') return this.numberText(value);
    return typeof value === 'string' ? readKeptBack(value) : String(value);
  }

  /** In YAML Envoy takes a plain float for a string as it is written: `1.10` is not `1.1` (observed with Envoy 1.40). */
  private numberText(value: number): string {
    const { tree, id } = this;
    if (tree.language !== 'yaml' || tree.hasFlag(id, FLAG_COPY)) return String(value);
    const written = tree.text.slice(tree.start(id), tree.end(id));
    return /[.eE]/.test(written) ? written : String(value);
  }

  asNumber(): number | undefined {
    const value = this.tree.scalar(this.id);
    if (typeof value === 'number') return value;
    if (typeof value !== 'string' || value.trim() === '') return undefined;
    const parsed = Number(value);
    return Number.isNaN(parsed) ? undefined : parsed;
  }

  /** A bool, or a word that Envoy reads as one: in a text those of absl::SimpleAtob, in plain YAML those of yaml-cpp. */
  asBoolean(): boolean | undefined {
    const value = this.tree.scalar(this.id);
    if (typeof value !== 'string') return typeof value === 'boolean' ? value : undefined;
    return TRUE_WORD.test(value) ? true : FALSE_WORD.test(value) ? false : undefined;
  }

  get isObject(): boolean {
    return this.tree.kind(this.id) === NodeKind.object;
  }

  get isArray(): boolean {
    return this.tree.kind(this.id) === NodeKind.array;
  }

  /** The file lost something here (`{...}`, cut off): what is absent may only be left out. */
  get isIncomplete(): boolean {
    return this.tree.hasFlag(this.id, FLAG_INCOMPLETE);
  }

  /** The plain value: objects, arrays and scalars as JavaScript has them. For Struct fields (metadata). Below the hundred levels that Envoy reads all is null. */
  toValue(levels = MOST_LEVELS): unknown {
    if (levels === 0) return null;
    if (this.isObject) return Object.fromEntries(this.entries().map(([key, value]) => [key, value.toValue(levels - 1)]));
    if (this.isArray) return this.items().map((item) => item.toValue(levels - 1));
    const value = this.tree.scalar(this.id) ?? null;
    return typeof value === 'string' ? readKeptBack(value) : value;
  }

  get parent(): ConfigNode | undefined {
    const parent = this.tree.parent(this.id);
    return parent === NO_NODE ? undefined : new ConfigNode(this.tree, parent);
  }

  /** The key under which it stands; '' for the items of a list and for what is outermost. */
  get key(): string {
    return this.tree.key(this.id) ?? '';
  }

  /** Whether it is the value of one of these fields (proto names), in either spelling. */
  isField(...names: string[]): boolean {
    const { key } = this;
    return key !== '' && names.some((name) => key === name || key === camelCase(name));
  }

  /** The nearest value of one of these fields in which it stands; it may be one itself. */
  enclosing(...names: string[]): ConfigNode | undefined {
    for (let at = this.id; at !== NO_NODE; at = this.tree.parent(at)) {
      const node = new ConfigNode(this.tree, at);
      if (node.isField(...names)) return node;
    }
    return undefined;
  }

  /** What has it, or the list of which it is an item, in one of its fields. */
  get owner(): ConfigNode | undefined {
    const { parent } = this;
    return parent?.isArray ? parent.parent : parent;
  }

  sameAs(other: ConfigNode): boolean {
    return this.tree === other.tree && this.id === other.id;
  }
}

/** Sees through `Any`, `udpa.type.v1.TypedStruct`, `xds.type.v3.TypedStruct`, and the Struct of a cluster's type (Envoy: source/common/config/utility.cc). Traces ask for the same ones again and again. */
export const readTyped: (any: ConfigNode) => TypedConfig = memoizeByNode((any) => {
  const url = any.entry('@type')?.asString() ?? '';
  const name = messageNameOfTypeUrl(url);
  if (name === 'udpa.type.v1.TypedStruct' || name === 'xds.type.v3.TypedStruct') {
    const inner = messageNameOfTypeUrl(any.string('type_url'));
    return { type: upgradeMessageName(inner), node: any.get('value') ?? any };
  }
  const named = name === STRUCT ? typeBesideStruct(any) : undefined;
  return named === undefined ? { type: upgradeMessageName(name), node: any } : { type: named, node: any.get('value') ?? any };
});

const STRUCT = 'google.protobuf.Struct';

/** Clusters alone are found by the name beside a Struct (source/common/upstream/cluster_factory_impl.cc). */
function typeBesideStruct({ parent }: ConfigNode): string | undefined {
  return parent?.isField('cluster_type') ? clusterMessageOfName(parent.string('name')) : undefined;
}

/** The `@type` of an object; `typeKey`: its id in the tree. Nearly always the first key, and then nothing else need be looked at. */
export function findTypeNode(tree: SyntaxTree, node: NodeId, typeKey: number): NodeId {
  if (typeKey < 0) return NO_NODE;
  const isFirst = tree.columns.keyIds[node + 1] === typeKey && node + 1 < tree.next(node);
  return isFirst ? node + 1 : tree.childByKeyId(node, typeKey);
}

/** The node of readTyped, for those who know the type: only a TypedStruct is to be seen through, and its name ends so. */
export function bodyOf(any: ConfigNode): ConfigNode {
  const { tree, id } = any;
  const type = findTypeNode(tree, id, tree.idOfKey('@type'));
  return type !== NO_NODE && tree.typeEndsWith(type, 'TypedStruct') ? readTyped(any).node : any;
}

const camelNames = new Map<string, string>();

/** `route_config` → `routeConfig`, as protobuf's JSON names are made. */
export function camelCase(name: string): string {
  let camel = camelNames.get(name);
  if (camel === undefined) {
    camel = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    camelNames.set(name, camel);
  }
  return camel;
}

/** `routeConfig` → `route_config`: a field's proto name, in whichever spelling it stands. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The value of a field by its proto name in either spelling; NO_NODE when unset or null. Repeated keys: the last one. */
export function findField(tree: SyntaxTree, node: NodeId, name: string): NodeId {
  let ids = tree.spellings.get(name);
  if (!ids) tree.spellings.set(name, (ids = { snake: tree.idOfKey(name), camel: tree.idOfKey(camelCase(name)) }));
  const { snake, camel } = ids;
  if ((snake < 0 && camel < 0) || tree.kind(node) !== NodeKind.object) return NO_NODE;
  const { columns } = tree;
  const { keyIds } = columns;
  const end = nextOf(columns, node);
  let found: NodeId = NO_NODE;
  for (let child = node + 1; child < end; child = nextOf(columns, child)) {
    const key = keyIds[child] ?? -1;
    if (key >= 0 && (key === snake || key === camel)) found = child;
  }
  return found !== NO_NODE && (tree.kind(found) === NodeKind.null || tree.kind(found) === NodeKind.missing) ? NO_NODE : found;
}

/** A function of a node whose answers are kept with the node's tree: tables that are built once per listener or route configuration. */
export function memoizeByNode<Value>(derive: (node: ConfigNode) => Value): (node: ConfigNode) => Value {
  return (node) => node.tree.memoize(derive, node.id, node);
}
