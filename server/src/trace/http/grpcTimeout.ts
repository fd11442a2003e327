/** The `grpc-timeout` header (Envoy: source/common/grpc/common.cc, getGrpcTimeout and toGrpcTimeout), and durations of the configuration. */
import type { ConfigNode } from '../../schema/configNode';
import { headerValues, setHeader, type HttpRequest } from '../facts/httpRequest';

/** Milliseconds of a `google.protobuf.Duration`; undefined where there is none. */
export function milliseconds(duration: ConfigNode | undefined): number | undefined {
  const match = /^(-?\d+(?:\.\d+)?)s$/.exec(duration?.asString() ?? '');
  return match ? Math.floor(Number(match[1]) * 1000) : undefined;
}

const UNITS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1 / 1000, n: 1 / 1_000_000 };

/** The number has eight digits at most, here and in what Envoy writes. */
const MOST = 99_999_999;

/** Milliseconds, fractions rounded up; undefined where the header is absent or no timeout. */
export function readGrpcTimeout(request: HttpRequest): number | undefined {
  const match = /^\s*(\+?\d+|-0+)\s*([HMSmun])$/.exec(headerValues(request, 'grpc-timeout')[0] ?? '');
  const unit = UNITS[match?.[2] ?? ''];
  const time = Math.abs(Number(match?.[1]));
  return unit === undefined || time > MOST ? undefined : Math.ceil(time * unit);
}

/** A long time in seconds, minutes or hours. */
export function writeGrpcTimeout(request: HttpRequest, timeout: number): void {
  let time = timeout;
  let unit = 'm';
  for (const [next, divisor] of [
    ['S', 1000],
    ['M', 60],
    ['H', 60],
  ] as const) {
    if (time <= MOST) break;
    time = Math.floor(time / divisor);
    unit = next;
  }
  setHeader(request, 'grpc-timeout', `${Math.min(time, MOST)}${unit}`);
}
