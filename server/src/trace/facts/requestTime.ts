/** When the request comes: told by `TraceRequest.time`, else some time in Envoy's life. */
import type { TraceRequest } from '../../protocol/trace';

/** Seconds since 1970; both ends may be the one time that is told. */
export interface RequestTime {
  readonly earliest: number;
  readonly latest: number;
}

/** Nobody had an Envoy before its first release, and no request of 2100 is traced. */
const ANY_TIME: RequestTime = { earliest: Date.UTC(2016, 8, 13) / 1000, latest: Date.UTC(2100, 0, 1) / 1000 };

/** When the request comes: at the second that it tells, else at any time. */
export function requestTimeOf({ time }: TraceRequest): RequestTime {
  const told = time === undefined ? NaN : Date.parse(time);
  return Number.isNaN(told) ? ANY_TIME : { earliest: Math.floor(told / 1000), latest: Math.floor(told / 1000) };
}

/** Is it later than a second? Undefined: that depends on when the request comes. */
export function isAfter({ earliest, latest }: RequestTime, second: number): boolean | undefined {
  if (earliest > second) return true;
  return latest <= second ? false : undefined;
}
