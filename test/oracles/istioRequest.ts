/** A call of Istio's traffic simulation as a TraceRequest, by the rules of the README of `istio_simulation/`. */
import type { Capture, RequestHttp, TraceRequest } from '../../server/src/protocol/trace';

export interface IstioProxy {
  readonly node_id: string;
  readonly type: string;
}

export interface IstioCall {
  /** The original destination; `1.3.3.7` when the test did not care. */
  readonly address: string;
  readonly port: number;
  readonly path: string;
  /** `http` (HTTP/1.1), `http2`, `tcp`; empty: neither, treated as tcp. */
  readonly protocol: string;
  /** `plaintext`, `tls` (one-way), `mtls` (Istio mutual TLS from a peer proxy). */
  readonly tls: string;
  readonly alpn: string;
  readonly sni: string;
  readonly host_header: string;
  readonly headers?: Readonly<Record<string, readonly string[]>> | null;
  /** `inbound`: always the listener `virtualInbound`. */
  readonly call_mode: string;
}

/** The identity with which a peer proxy of the mesh would call. */
const PEER = 'spiffe://cluster.local/ns/default/sa/default';

/** `dump` is the text of the dump: it tells whether the proxy captures outbound connections. */
export function istioRequest(call: IstioCall, proxy: IstioProxy, dump: string): TraceRequest {
  // A server name is only ever said in a TLS ClientHello: a "plaintext" call with one is the client's own TLS.
  const encrypted = call.tls === 'tls' || call.tls === 'mtls' || call.sni !== '';
  const inbound = call.call_mode === 'inbound';
  return {
    start: { proxy: proxy.node_id, ...(inbound ? { listener: 'virtualInbound' } : {}) },
    connection: {
      destination: call.address.includes(':') ? `[${call.address}]:${call.port}` : `${call.address}:${call.port}`,
      source: '10.9.9.9:40000',
      capture: captureOf(inbound, dump),
      transport: encrypted ? 'tls' : 'raw_buffer',
      ...(encrypted ? { sni: call.sni, alpn: call.alpn === '' ? [] : [call.alpn] } : {}),
      ...(call.tls === 'mtls' ? { peerPrincipals: [PEER] } : {}),
    },
    ...(call.protocol === 'http' || call.protocol === 'http2' ? { http: httpOf(call, encrypted) } : {}),
  };
}

function captureOf(inbound: boolean, dump: string): Capture {
  if (inbound) return 'inbound';
  return dump.includes('"virtualOutbound"') ? 'outbound' : 'none';
}

function httpOf(call: IstioCall, encrypted: boolean): RequestHttp {
  const headers = Object.entries(call.headers ?? {}).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name.toLowerCase(), value]),
  );
  return {
    version: call.protocol === 'http2' ? 'http2' : 'http1',
    method: 'GET',
    scheme: encrypted ? 'https' : 'http',
    // The simulation does not mind a request without a host; Envoy refuses it before routing.
    authority: call.host_header === '' ? 'unasked.test' : call.host_header,
    path: call.path,
    headers: headers.filter(([name]) => name !== 'host'),
  };
}
