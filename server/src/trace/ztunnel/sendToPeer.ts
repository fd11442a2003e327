/** How a Rust ztunnel sends: plain TCP, or one or two HBONE tunnels with the client's own identity (istio/ztunnel: src/proxy/outbound.rs proxy_to_hbone, proxy_to_tcp). */
import { labelOfAddress, type Address } from '../../model/address';
import type { ZtunnelModel, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import { newConnection, type Layer, type TlsLayer } from '../facts/connection';
import type { HttpRequest } from '../facts/httpRequest';
import { addStep, type Hop, type HopResult } from '../hop';
import { connectionOnWire } from '../facts/connectionOnWire';
import { ending, type Ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { enterNextProxy } from '../upstream/nextProxy';

export interface Sending {
  readonly model: ZtunnelModel;
  /** The client; undefined where the request or the dump does not tell it. */
  readonly source: ZtunnelWorkload | undefined;
  readonly address: Extract<Address, { kind: 'ip' | 'dns' }>;
  /** [] for plain TCP; else the CONNECT and what lies between it and the client's bytes. */
  readonly tunnel: readonly Layer[];
  readonly peers: readonly string[];
  readonly workload: ZtunnelWorkload | undefined;
  /** The workload stands before the one asked for. */
  readonly through?: 'waypoint' | 'network_gateway';
}

/** The client's address is kept as the source. */
export function sendToPeer(hop: Hop, { model, source, address, tunnel, peers, workload, through }: Sending): HopResult {
  const layers: readonly Layer[] =
    tunnel.length === 0 ? hop.connection.layers : [tlsLayer(source, peers), ...tunnel, ...hop.connection.layers];
  const refusal = tunnel.length > 0 && source ? lacksCertificate(hop, model, source) : undefined;
  if (refusal) return refusal;
  const connection = newConnection({ destination: address, source: hop.connection.source, layers });
  if (workload) hop.record.workload = nameOf(workload);
  if (through) hop.record.through = through;
  hop.record.endpoint = { address, ...(workload && { health: workload.isHealthy ? 'HEALTHY' : 'UNHEALTHY' }) };
  const { http, ...wire } = connectionOnWire(connection);
  const connect = http && { method: http.method, authority: http.authority, path: http.path, version: http.version, headers: http.headers };
  hop.record.upstream =
    tunnel.length === 0
      ? { ...wire, ...(http && { http }) }
      : { ...wire, ...(connect && { tunnel: connect }), ...(peers.length > 0 && { expectedPeers: [...peers] }) };
  addStep(hop, {
    stage: 'endpoint',
    decision: say`the connection goes to ${labelOfAddress(address)}`,
    because:
      tunnel.length === 0
        ? words('as plain TCP')
        : say`in an HBONE tunnel, as ${source?.identity ?? words('the client whose identity the dump does not tell')}`,
    ...(workload && { at: workload.node }),
  });
  return enterNextProxy(hop, {
    destination: { address, ...(through === 'waypoint' && { isWaypoint: true }) },
    connection,
    socket: { opaque: undefined, internal: undefined },
    protocol: 'tcp',
  });
}

/** An HTTP/2 CONNECT without its headers (baggage, traceparent). */
export function connectLayer(authority: string): Layer {
  const request: HttpRequest = { version: 'http2', method: 'CONNECT', scheme: '', authority, path: '', headers: [] };
  return { kind: 'http', request };
}

/** Mutual TLS as the client's workload, with one of these peers; [] is nobody: then no certificate will do (istio/ztunnel: src/tls/workload.rs verify_full_san). */
export function tlsLayer(source: ZtunnelWorkload | undefined, peers: readonly string[]): TlsLayer {
  return {
    kind: 'tls',
    quic: false,
    sni: '',
    alpn: ['h2'],
    principals: source ? [source.identity] : [],
    ...(!source && { hasUnknownPrincipals: true }),
    expects: peers.map((text) => ({ text })),
  };
}

/** Without a certificate of the workload no tunnel begins or ends (src/identity/manager.rs, CertState). */
export function lacksCertificate(hop: Hop, { missingCertificates }: ZtunnelModel, workload: ZtunnelWorkload): Ending | undefined {
  const state = missingCertificates.get(workload.identity);
  if (state === undefined) return undefined;
  addStep(hop, {
    stage: 'transport_socket',
    decision: words('the TLS handshake fails'),
    because: say`ztunnel has no certificate for ${workload.identity}: ${state}`,
    at: workload.node,
  });
  return ending('tls_error');
}

/** As the contract names a workload. */
export function nameOf({ namespace, name }: ZtunnelWorkload): string {
  return `${namespace}/${name}`;
}
