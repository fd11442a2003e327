/** Filters that read gRPC messages into metadata (Envoy: source/extensions/filters/http/grpc_field_extraction, proto_message_extraction). */
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { isGrpcContentType } from '../../http/localReply/localReply';
import { say, words } from '../../record/sentence';
import { pass, tell, type FilterCall } from '../filterCall';
import { hiddenContentType } from '../hiddenContentType';

/** What the messages say only the running Envoy knows; other requests pass untouched. */
export function readGrpcMessages(namespace: string): (call: FilterCall) => HopResult | undefined {
  return (call) => {
    const hidden = hiddenContentType(call);
    if (hidden) return hidden;
    if (!isGrpcContentType(call.http.request)) return pass(call, { because: words('the request is not gRPC') });
    call.http.metadata.set(namespace, new NotKnown(words('the gRPC messages of the request')));
    return tell(call, say`filter ${call.name} sets metadata`, {
      because: words('it reads the messages, and refuses those that it cannot read (400)'),
    });
  };
}
