/** Runtime values while Envoy reads its configuration: those of static layers. */
import type { ProxyScope } from '../../index/proxyScope';
import type { TraceRequest } from '../../protocol/trace';
import { runtimeNumber } from '../../trace/runtime/readRuntime';

/** Nobody sets runtime values. */
const NO_REQUEST: TraceRequest = { connection: {} };

/** A number that is not there, or none, is the standard one. */
export function staticNumber(proxy: ProxyScope, key: string, standard: number): number {
  return runtimeNumber({ request: NO_REQUEST, proxy }, key, standard);
}
