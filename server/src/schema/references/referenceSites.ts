/** The table of every field of the API that names something, found by message and field. */
import { clusterSites } from './clusterSites';
import type { MessageType } from '../table/messageType';
import type { ReferenceKind, ReferenceSite } from './referenceSite';
import { resourceSites } from './resourceSites';
import { valueSites } from './valueSites';
import { addToGroup } from '../../text/addToGroup';
import type { Field } from '../table/messageDescription';

export const referenceSites: readonly ReferenceSite[] = [...clusterSites, ...resourceSites, ...valueSites];

const byField = new Map<string, ReferenceSite[]>();
for (const entry of referenceSites) addToGroup(byField, `${entry.message}.${entry.field}`, entry);

const NONE: readonly ReferenceSite[] = [];

/** The sites of a field; several where it names and defines at once, [] for most. */
export function sitesOf(message: MessageType, field: Field): readonly ReferenceSite[] {
  return byField.get(`${message.name}.${field.name}`) ?? NONE;
}

/** The kind under which what a reference names is defined: an internal listener is a listener. */
export function definitionKindOf(kind: ReferenceKind): ReferenceKind {
  return kind === 'internal_listener' ? 'listener' : kind;
}
