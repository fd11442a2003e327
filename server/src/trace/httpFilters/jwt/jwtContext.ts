/** What the verifiers of one request share (Envoy: source/extensions/filters/http/jwt_authn/verifier.cc, ContextImpl). */
import type { ConfigNode } from '../../../schema/configNode';
import type { RequestTime } from '../../facts/requestTime';
import type { Hop } from '../../hop';
import type { HttpStream } from '../../httpStream';
import type { Sentence } from '../../record/sentence';
import type { JwtMessage } from './jwtStatus';

export interface JwtContext {
  readonly hop: Hop;
  readonly http: HttpStream;
  /** `providers` by name. */
  readonly providers: ReadonlyMap<string, ConfigNode>;
  readonly time: RequestTime;
  /** Becomes dynamic metadata when all is verified: payloads, headers and failures by the names that providers give. */
  readonly extracted: Map<string, unknown>;
  /** A good token asks for a new route. */
  clearsRoute: boolean;
}

export type JwtResult =
  | { readonly kind: 'ok'; readonly because: Sentence }
  /** `message` is Envoy's, and the body of its answer. */
  | { readonly kind: 'failed'; readonly message: JwtMessage; readonly because: Sentence; readonly at: ConfigNode }
  | Unknown;

export interface Unknown {
  readonly kind: 'unknown';
  readonly missing: Sentence;
  readonly at: ConfigNode;
  /** The providers whose token it would be. */
  readonly issuers?: readonly ConfigNode[];
  /** Good or not, later filters and the route would not see the difference. */
  readonly isHarmless?: boolean;
}
