/** `content-type` and `content-length` of an answer of Envoy's own, after the route and the mappers wrote theirs (Envoy: Utility::prepareLocalReply). */
import type { HeaderChanges } from '../../../protocol/trace';
import { forgetHeader } from '../recordHeaderChange';

const TYPE = 'content-type';

export interface ReplyBody {
  readonly isGrpc: boolean;
  /** Undefined: the file does not tell. */
  readonly isEmpty: boolean | undefined;
  /** A mapper or `body_format` made another body of it. */
  readonly isRewritten: boolean;
  /** The written `content-type` before the mappers. */
  readonly typeBefore: string | undefined;
}

/** Without a body there is no type; gRPC has its own; a body that was rewritten has that of its format unless the mapper has written one. */
export function settleOwnHeaders(changes: HeaderChanges, { isGrpc, isEmpty, isRewritten, typeBefore }: ReplyBody): void {
  forgetHeader(changes, 'content-length');
  const type = writtenType(changes);
  if (isGrpc || isEmpty === true || (isRewritten && type === typeBefore)) forgetHeader(changes, TYPE);
  else if (type !== undefined && changes.append.some(([name]) => name === TYPE) && changes.uncertain?.includes(TYPE) !== true) {
    forgetHeader(changes, TYPE);
    changes.set.push([TYPE, type]);
  }
}

export function writtenType({ set, append }: HeaderChanges): string | undefined {
  const values = [...set, ...append].filter(([name]) => name === TYPE).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(',');
}
