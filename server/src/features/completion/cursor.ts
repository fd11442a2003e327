/** What those who complete are told of the place. */
import type { DocumentFacts } from '../../index/documentFacts';
import type { NodeSchema } from '../../schema/walk/schemaAt';
import type { SchemaComments } from '../../schema/table/schemaComments';
import type { NodeId } from '../../syntax/tree/syntaxTree';
import type { Place } from '../place/place';
import type { BodyStyle } from './writeBody';

/** The unfinished text, read with a whole word at the cursor. */
export interface Cursor {
  readonly place: Place;
  readonly facts: DocumentFacts;
  readonly node: NodeId;
  readonly isKey: boolean;
  /** It has its line to itself. */
  readonly isAlone: boolean;
  /** The last of several words in one text, with commas between them. */
  readonly isListed: boolean;
  readonly parent: NodeId;
  readonly schemaOf: (node: NodeId) => NodeSchema | undefined;
  /** Of the node itself and of the object or list around it. */
  readonly schema: NodeSchema | undefined;
  readonly around: NodeSchema | undefined;
  readonly comments: SchemaComments;
  readonly style: BodyStyle;
}
