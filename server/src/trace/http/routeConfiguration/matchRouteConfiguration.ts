/** Routes a request by a route configuration alone, without listeners or connection manager: for router_check_tool's files. */
import type { ProxyScope } from '../../../index/proxyScope';
import type { TraceRequest } from '../../../protocol/trace';
import type { ConfigNode } from '../../../schema/configNode';
import { Choices } from '../../choices';
import { newConnection } from '../../facts/connection';
import type { HttpRequest } from '../../facts/httpRequest';
import type { Hop, HopResult } from '../../hop';
import type { HttpStream } from '../../httpStream';
import { routeInConfiguration } from './refreshRoute';
import type { Snapshot } from '../../../index/snapshot';
import type { Fraction } from '../../runtime/runtimeReading';

export interface BareRouting {
  readonly snapshot: Snapshot;
  readonly proxy: ProxyScope;
  /** Stands for the connection manager; any node without its fields. */
  readonly manager: ConfigNode;
  readonly routeConfiguration: ConfigNode;
}

export interface BareRequest {
  readonly request: HttpRequest;
  readonly forwardedProto: string;
  readonly internal: boolean;
  readonly random: number;
  readonly metadata: Map<string, unknown>;
  readonly runtime?: TraceRequest['runtime'];
  readonly readFraction?: (node: ConfigNode) => Fraction;
}

export interface RoutedRequest {
  readonly hop: Hop;
  readonly http: HttpStream;
  /** Set where nobody can tell, or where the configuration is refused. */
  readonly result: HopResult | undefined;
}

/** Chooses virtual host, route and cluster; the stream's request is not changed yet. */
export function matchRouteConfiguration({ snapshot, proxy, manager, routeConfiguration }: BareRouting, given: BareRequest): RoutedRequest {
  const { random, runtime, ...stream } = given;
  const connection = newConnection({ source: { ip: '127.0.0.1', port: 0 } });
  const request: TraceRequest = { connection: {}, random, ...(runtime && { runtime }) };
  const http: HttpStream = { ...stream, manager, filterState: new Map(), responseHeaders: { set: [], append: [], remove: [] } };
  const hop: Hop = {
    snapshot,
    proxy,
    request,
    choices: new Choices(),
    arrival: { kind: 'socket', proxy, capture: 'none', connection },
    connection,
    record: { steps: [] },
    assumed: undefined,
    http,
  };
  return { hop, http, result: routeInConfiguration(hop, routeConfiguration) };
}
