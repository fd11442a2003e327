/** What a trace is called: its request in a few words. */
import type { TraceRequest } from '../../../server/src/protocol/trace';

/** Example: `GET reviews:9080/reviews/1`, `TCP 10.0.0.1:3306`. */
export function titleOf({ http, connection }: TraceRequest): string {
  return http ? `${http.method} ${http.authority}${http.path}` : `TCP ${connection.destination ?? ''}`.trim();
}
