/** What the schema says of each key of one document: fields by key number, so that a walk compares no strings. */
import type { SyntaxTree } from '../../syntax/tree/syntaxTree';
import { extensionMessages } from '../table/extensionNames';
import { findFieldOfKey, messageType, type MessageType } from '../table/messageType';
import { mayHoldNames } from '../references/mayHoldNames';
import { sitesOf } from '../references/referenceSites';
import type { ReferenceSite } from '../references/referenceSite';
import { messageNameOfTypeUrl, upgradeMessageName } from '../table/typeUrl';
import { memoizeByObject } from '../../text/memoizeByObject';
import { getOrMake } from '../../text/getOrMake';
import type { Field } from '../table/messageDescription';

/** What a value is: nothing to walk into, a message, an `Any`, or of unknown type (only its own `@type`s count). */
export type Shape = typeof LEAF | typeof UNKNOWN | AnyShape | MessagePlan;

export const LEAF = { kind: 'leaf' } as const;
export const UNKNOWN = { kind: 'unknown' } as const;

export interface AnyShape {
  readonly kind: 'any';
  /** The message where `@type` is left out; '' where none is known. */
  readonly expected: string;
}

export interface MessagePlan {
  readonly kind: 'message';
  readonly type: MessageType;
  /** By key number; null: the message has no such field. Filled as keys are met. */
  readonly slots: Map<number, FieldSlot | null>;
}

export interface FieldSlot {
  readonly kind: 'items';
  readonly field: Field;
  /** Of one item or map value. */
  readonly shape: Shape;
  /** What the field itself names. */
  readonly sites: readonly ReferenceSite[];
  /** The field or anything below it may name something; the rest of a document is of no interest to an index. */
  readonly holdsNames: boolean;
}

/** The object around the message of a TypedStruct: its `value` has the shape. */
export interface TypedStructPlan {
  readonly kind: 'typed_struct';
  readonly shape: Shape;
}

export interface PlanBook {
  readonly typeKey: number;
  readonly valueKey: number;
  /** The shape of a message by its (v3) name. */
  shapeOf(messageName: string): Shape;
  /** What an `@type` promises. */
  planOfUrl(url: string): Shape | 'typed_struct';
  /** For a TypedStruct's own `type_url`. */
  typedStruct(url: string): TypedStructPlan;
  slotOf(plan: MessagePlan, keyId: number): FieldSlot | null;
}

/** The plans of a document; kept with it, since a dump is walked resource by resource. */
export const plansOf: (tree: SyntaxTree) => PlanBook = memoizeByObject(createPlanBook);

function createPlanBook(tree: SyntaxTree): PlanBook {
  const shapes = new Map<string, Shape>();
  const urls = new Map<string, Shape | 'typed_struct'>();
  const structs = new Map<string, TypedStructPlan>();
  const shapeOf = (name: string): Shape => getOrMake(shapes, name, () => makeShape(name));
  const makeSlot = (field: Field, owner: MessageType): FieldSlot => {
    const sites = sitesOf(owner, field);
    return {
      kind: 'items',
      field,
      shape: shapeOfField(field, shapeOf),
      sites,
      holdsNames: sites.length > 0 || isAction(owner) || mayHoldNames(field),
    };
  };
  return {
    typeKey: tree.idOfKey('@type'),
    valueKey: tree.idOfKey('value'),
    shapeOf,
    planOfUrl: (url) =>
      getOrMake(urls, url, () => {
        const name = messageNameOfTypeUrl(url);
        return TYPED_STRUCTS.has(name) ? 'typed_struct' : shapeOf(upgradeMessageName(name));
      }),
    typedStruct: (url) =>
      getOrMake(structs, url, () => ({ kind: 'typed_struct', shape: shapeOf(upgradeMessageName(messageNameOfTypeUrl(url))) })),
    slotOf: (plan, keyId) => {
      let slot = plan.slots.get(keyId);
      if (slot === undefined) {
        const field = findFieldOfKey(plan.type, tree.keyNames[keyId] ?? '');
        plan.slots.set(keyId, (slot = field ? makeSlot(field, plan.type) : null));
      }
      return slot;
    },
  };
}

/** A wrapper by itself, in an `Any`, may be the action of a filter chain matcher: a name. */
function isAction({ wellKnown }: MessageType): boolean {
  return wellKnown === 'wrapper';
}

const TYPED_STRUCTS: ReadonlySet<string> = new Set(['udpa.type.v1.TypedStruct', 'xds.type.v3.TypedStruct']);

/** The message that an old, untyped `config` under this name holds; '' where unknown. */
export function messageOfExtensionName(name: string): string {
  return extensionMessages.get(name) ?? '';
}

function makeShape(name: string): Shape {
  const type = messageType(name);
  if (!type) return UNKNOWN;
  switch (type.wellKnown) {
    case 'any':
      return ANY;
    case undefined:
    case 'wrapper':
      return { kind: 'message', type, slots: new Map() };
    default:
      return LEAF;
  }
}

const ANY: AnyShape = { kind: 'any', expected: '' };

function shapeOfField(field: Field, shapeOf: (name: string) => Shape): Shape {
  if (field.message === undefined) return LEAF;
  return field.anyType === undefined ? shapeOf(field.message) : { kind: 'any', expected: field.anyType };
}
