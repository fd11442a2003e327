/** A connection as a proxy sees it: addresses, what the bytes are, and what filters have learned or written down about it. */
import type { Address } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import type { HttpRequest } from './httpRequest';
import type { ProxyTlvs } from './proxyTlv';

/** What the bytes are, outermost first: `[tls, http CONNECT, http GET]` is HBONE; `[]` are raw bytes. */
export type Layer = TlsLayer | HttpLayer | ProxyHeaderLayer;

/** What a certificate says beside its URI names, where a file holds it or the request tells it. */
export interface OtherNames {
  readonly dns: readonly string[];
  readonly ips: readonly string[];
  readonly emails: readonly string[];
  /** As Envoy prints it (RFC 2253); undefined where that is not plain. */
  readonly subject: string | undefined;
}

/** A name that a server's certificate must have. */
export interface ExpectedName {
  /** As a person reads it. Example: `spiffe://cluster.local/ns/default/sa/reviews`, `spiffe://cluster.local/*` */
  readonly text: string;
  /**
   * `SubjectAltNameMatcher`, `type.matcher.v3.StringMatcher`, or a plain text (`verify_subject_alt_name`); undefined where `text` itself is the
   * name, which a ztunnel expects.
   */
  readonly matcher?: ConfigNode;
}

export interface TlsLayer {
  readonly kind: 'tls';
  readonly quic: boolean;
  readonly sni: string;
  readonly alpn: readonly string[];
  /** What the file has lost or keeps back of both; who reads them cannot tell. */
  readonly lost?: readonly ('sni' | 'alpn')[];
  /** URI SANs of the sender's certificate; [] when it presents none. */
  readonly principals: readonly string[];
  /** The sender presents a certificate whose names the files do not tell; then `principals` is []. */
  readonly hasUnknownPrincipals?: boolean;
  /** Of the sender's certificate, where a file holds it or the request tells it. */
  readonly otherNames?: OtherNames;
  /** Names that the server's certificate must have, one of them; undefined: any, []: none will do. */
  readonly expects?: readonly ExpectedName[];
  /** The sender's file has lost a part of what it compares: `expects` may lack names. */
  readonly mayExpectMore?: boolean;
}

/** TLS as the proxy that terminated it knows it. */
export interface TerminatedTls {
  /** URI SANs of the client's certificate, where one was asked for and presented. */
  readonly principals: readonly string[];
  /** A certificate was presented whose names the files do not tell; then `principals` is []. */
  readonly hasUnknownPrincipals?: boolean;
  /** Of the client's certificate, where it was asked for and is told. */
  readonly otherNames?: OtherNames;
  readonly sni: string;
  readonly alpn: readonly string[];
  readonly negotiatedAlpn: string;
}

export interface HttpLayer {
  readonly kind: 'http';
  readonly request: HttpRequest;
  /** The sender speaks this version whatever ALPN agrees on: a proxy's cluster with an explicit one. */
  readonly isFixed?: boolean;
}

export type ProxyVersion = 'V1' | 'V2';

/** The header of the PROXY protocol, before all else: who the sender says the client is, and where that one wanted to go. */
export interface ProxyHeaderLayer {
  readonly kind: 'proxy_header';
  readonly version: ProxyVersion;
  /** undefined: the header tells no addresses (UNKNOWN, LOCAL). */
  readonly source: ConnectionFacts['source'];
  readonly destination: Address | undefined;
  readonly tlvs: ProxyTlvs;
}

/** An object of Envoy's filter state, by its text. `shared`: does it pass into an internal listener (ONCE, TRANSITIVE)? */
export interface FilterStateValue {
  readonly value: string;
  readonly shared: 'none' | 'once' | 'transitive';
  /** What has made the object; by default what its key names. Example: `envoy.network.ip` */
  readonly factory?: string;
  /** The text cannot be known from the files; then `value` is ''. */
  readonly unknown?: boolean;
  /** It cannot be written again. */
  readonly isReadOnly?: boolean;
}

export interface ConnectionFacts {
  /** Envoy's local address: where the client wanted to go, once a listener filter has restored it. */
  destination: Address | undefined;
  /** What SO_ORIGINAL_DST gives: where an intercepted client wanted to go. Absent on a connection that was not redirected. */
  originalDestination?: Address;
  /** The source that the request names beside its peer: a PROXY protocol header announces it, until the filter that reads it has run. */
  announcedSource?: { ip: string; port: number | undefined };
  /** A listener filter has restored the local address (needed by ORIGINAL_DST and by the hand-over). */
  restored: boolean;
  /** Envoy's remote address; port undefined where the request does not tell. */
  source: { ip: string; port: number | undefined } | undefined;
  /** The socket's peer, where a proxy protocol has changed `source`. */
  directSource: { ip: string; port: number | undefined } | undefined;
  /** What is still to be read, outermost first. Stages take layers off (TLS termination, HTTP codec, CONNECT) and put them on. */
  layers: readonly Layer[];
  /** '' until a listener filter finds it; `raw_buffer` after the listener filters at the latest. */
  transportProtocol: '' | 'raw_buffer' | 'tls' | 'quic';
  /** Lower-cased SNI found by tls_inspector; ''. */
  serverName: string;
  /** ALPN found by tls_inspector, or the one protocol that http_inspector found. */
  applicationProtocols: readonly string[];
  /** The TLS that this proxy terminated (or that Istio's restore_tls gives back). */
  tls: TerminatedTls | undefined;
  /** What the transport socket, not ALPN, calls the next protocol. Example: `starttls` */
  socketProtocol?: string;
  /** Dynamic metadata of the connection, by namespace. */
  metadata: Map<string, unknown>;
  filterState: Map<string, FilterStateValue>;
  /** What a PROXY protocol header told beside the addresses, and may be told on; undefined where none was read. */
  proxyTlvs?: ProxyTlvs;
  /** What sni_dynamic_forward_proxy has looked up. Example: `a.test:443` */
  resolvedName?: string;
}

/** A connection without what nobody gives: no addresses, no TLS, no bytes. */
export function newConnection(given: Partial<ConnectionFacts>): ConnectionFacts {
  return {
    destination: undefined,
    restored: false,
    source: undefined,
    directSource: undefined,
    layers: [],
    transportProtocol: '',
    serverName: '',
    applicationProtocols: [],
    tls: undefined,
    metadata: new Map(),
    filterState: new Map(),
    ...given,
  };
}

/** A copy that stages may change: a path is run again for every answer of its choices. */
export function copyConnection(connection: ConnectionFacts): ConnectionFacts {
  return { ...connection, metadata: new Map(connection.metadata), filterState: new Map(connection.filterState) };
}

/** The TLS layer on top, if the sender speaks TLS. */
export function outerTls(connection: ConnectionFacts): TlsLayer | undefined {
  const top = connection.layers[0];
  return top?.kind === 'tls' ? top : undefined;
}

/** A header of the PROXY protocol comes first, which no filter has read yet: whoever looks at the bytes sees that. */
export function beginsWithProxyHeader({ layers: [top], announcedSource }: ConnectionFacts): boolean {
  return top?.kind === 'proxy_header' || announcedSource !== undefined;
}

/** The TLS that is sent, be it behind a PROXY protocol header. */
export function sentTls({ layers }: Pick<ConnectionFacts, 'layers'>): TlsLayer | undefined {
  const top = layers[0]?.kind === 'proxy_header' ? layers[1] : layers[0];
  return top?.kind === 'tls' ? top : undefined;
}

/** The HTTP layer on top, if the bytes are HTTP (after TLS is taken off). */
export function outerHttp(connection: ConnectionFacts): HttpLayer | undefined {
  const top = connection.layers[0];
  return top?.kind === 'http' ? top : undefined;
}
