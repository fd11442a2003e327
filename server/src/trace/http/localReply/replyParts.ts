/** What an answer of Envoy's own is made of. */

export interface LocalReply {
  readonly code: number;
  readonly flags?: readonly string[];
  /** `response_code_details`. Example: `route_not_found` */
  readonly details: string;
  readonly body?: string;
  /** It stands in a file, or in the environment: then there is no `body`. */
  readonly isBodyUnknown?: boolean;
  readonly location?: string;
  /** The filter writes the answer by itself: the route changes nothing of it. */
  readonly isBare?: boolean;
  /** The body is of type `application/json`. */
  readonly isJson?: boolean;
  /** For gRPC clients; default: what the code means. */
  readonly grpcStatus?: number;
}
