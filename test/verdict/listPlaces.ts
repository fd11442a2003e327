/** The messages and fields of a bootstrap, each with its type and its pointer. */
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import type { MessageType } from '../../server/src/schema/table/messageType';
import { walkMessages } from '../../server/src/schema/walk/walkMessages';
import type { JsonObject } from './json';
import type { Field } from '../../server/src/schema/table/messageDescription';

export interface FieldPlace {
  readonly pointer: string;
  readonly field: Field;
  readonly owner: MessageType;
  /** The value is a name that refers to something. */
  readonly isName: boolean;
}

export interface MessagePlace {
  readonly pointer: string;
  readonly type: MessageType;
}

export interface Places {
  readonly fields: readonly FieldPlace[];
  readonly messages: readonly MessagePlace[];
}

const BOOTSTRAP = 'envoy.config.bootstrap.v3.Bootstrap';

export function listPlaces(config: JsonObject): Places {
  const fields: FieldPlace[] = [];
  const messages: MessagePlace[] = [];
  const uri = 'lab:/places.json';
  const tree = buildSnapshot([{ uri, text: JSON.stringify(config) }]).documents.get(uri)?.tree;
  const [root] = tree?.roots ?? [];
  if (!tree || root === undefined) return { fields, messages };
  walkMessages(tree, root, BOOTSTRAP, {
    message: (node, type) => messages.push({ pointer: tree.pointer(node), type }),
    field: (value, field, owner, sites) => fields.push({ pointer: tree.pointer(value), field, owner, isName: sites.length > 0 }),
  });
  return { fields, messages };
}
