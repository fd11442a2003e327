/** Names that Istio makes, taken apart (istio: pilot/pkg/model/service.go, pkg/spiffe). */
import { describeWritten, readGeneratedName, type IstioResourceName } from './generatedNames';

export interface IstioClusterName {
  readonly direction: string;
  readonly port: string;
  /** Subset of a DestinationRule, or what a waypoint's cluster is for (`http`, `tcp`, `internal`). */
  readonly subset: string;
  readonly host: string;
}

/** `outbound|9080|v1|reviews.default.svc.cluster.local`, also the SNI form `outbound_.9080_.v1_.reviews…`; undefined for other names. */
export function parseIstioClusterName(name: string): IstioClusterName | undefined {
  const match =
    /^(inbound|outbound|inbound-vip|inbound-pod)\|(\d*)\|([^|]*)\|([^|]*)$/.exec(name) ??
    /^(inbound|outbound)_\.(\d*)_\.([^_]*)_\.(.*)$/.exec(name);
  return match ? { direction: match[1] ?? '', port: match[2] ?? '', subset: match[3] ?? '', host: match[4] ?? '' } : undefined;
}

export interface SpiffeId {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** `spiffe://cluster.local/ns/default/sa/sleep` */
export function parseSpiffeId(text: string): SpiffeId | undefined {
  const match = /^(?:spiffe:\/\/)?([^/]+)\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(text);
  return match ? { trustDomain: match[1] ?? '', namespace: match[2] ?? '', serviceAccount: match[3] ?? '' } : undefined;
}

export interface IstioWorkload {
  readonly name: string;
  readonly namespace: string;
  /** The canonical service and its revision. */
  readonly service: string;
  readonly revision: string;
  readonly cluster: string;
}

/** `workload;namespace;canonical service;revision;cluster` of an endpoint's metadata (istio: pilot/pkg/networking/util); '' for what is not there. */
export function readIstioWorkload(text: string): IstioWorkload {
  const [name = '', namespace = '', service = '', revision = '', cluster = ''] = text.split(';');
  return { name, namespace, service, revision, cluster };
}

/** `ns[default]-policy[viewer]-rule[0]`, the name of an RBAC policy made of an AuthorizationPolicy's rule, also of its external authorization. */
export function parseIstioPolicyName(name: string): { namespace: string; policy: string; rule: string } | undefined {
  const match = /^(?:istio-ext-authz-)?ns\[([^\]]*)\]-policy\[([^\]]*)\]-rule\[(\d+)\]/.exec(name);
  return match ? { namespace: match[1] ?? '', policy: match[2] ?? '', rule: match[3] ?? '' } : undefined;
}

/** The Kubernetes secret that a secret's name asks istiod for: `kubernetes://shop/edge-cert-cacert` → `edge-cert`; undefined for other names. */
export function kubernetesSecretOf(name: string): string | undefined {
  return /^kubernetes(?:-gateway)?:\/\/(?:[^/]+\/)?(.+?)(?:-cacert)?$/.exec(name)?.[1];
}

/** `/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews` → kind, namespace and name. */
export function parseIstioConfigPath(path: string): IstioResourceName | undefined {
  const match = /^\/apis\/[^/]+\/[^/]+\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path);
  if (!match) return undefined;
  const kind = (match[2] ?? '').replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  return { kind: kind === 'HttpRoute' ? 'HTTPRoute' : kind, namespace: match[1] ?? '', name: match[3] ?? '' };
}

/**
 * The Istio or Gateway API resource that made a message (`metadata.filter_metadata.istio.config`), in words.
 * `routeName`: of the route that carries the metadata; what istiod makes of the Gateway API tells its maker there.
 */
export function describeMaker(
  metadata: { path(...names: string[]): { asString(): string | undefined } | undefined } | undefined,
  routeName = '',
): string | undefined {
  const config = metadata?.path('filter_metadata', 'istio', 'config')?.asString();
  const parsed = config === undefined ? undefined : parseIstioConfigPath(config);
  if (!parsed) return undefined;
  const written = readGeneratedName(parsed);
  return written ? describeWritten(written, routeName) : `${parsed.kind} ${parsed.namespace}/${parsed.name}`;
}

export interface GatewayRoutesName {
  /** Of the listener for plain HTTP, of the server for HTTPS. */
  readonly port: string;
  /** The name of the server's port; '' for plain HTTP, whose servers share the routes of a port. */
  readonly server: string;
  readonly gateway: string;
  readonly namespace: string;
  /** The address that the server asks for; '' where it asks for none. */
  readonly bind: string;
}

/** `http.80`, `https.443.https-web.edge.shop`, each with `.10.0.0.1` where a server has `bind` (istio: pilot/pkg/model/gateway.go, gatewayRDSRouteName). */
export function parseGatewayRoutesName(name: string): GatewayRoutesName | undefined {
  const plain = /^http\.(\d+)(?:\.(.+))?$/.exec(name);
  if (plain) return { port: plain[1] ?? '', server: '', gateway: '', namespace: '', bind: plain[2] ?? '' };
  // The port's name has no dots; the gateway's may.
  const server = /^https\.(\d+)\.([^.]+)\.(.+?)\.([^.:]+)(?:\.(\d+\.\d+\.\d+\.\d+|[\da-fA-F:.]*:[\da-fA-F:.]*))?$/.exec(name);
  if (!server) return undefined;
  const [, port = '', own = '', gateway = '', namespace = '', bind = ''] = server;
  return { port, server: own, gateway, namespace, bind };
}

/** What a secret's name means to Istio's agent and control plane; undefined for names of others' making (istio: security/pkg/nodeagent, pilot/pkg/credentials). */
export function explainSecretName(name: string): string | undefined {
  if (name === 'default') return "the workload's own certificate and key, from Istio's agent";
  if (name === 'ROOTCA') return "the mesh's root certificates, from Istio's agent";
  const kubernetes = /^kubernetes(-gateway)?:\/\/(?:([^/]+)\/)?([^/]+?)(-cacert)?$/.exec(name);
  if (kubernetes) {
    const [, , namespace, secret = '', authority] = kubernetes;
    const what = authority === undefined ? 'the certificate and key' : 'the trusted certificates';
    return `${what} of the Kubernetes secret ${secret}${namespace === undefined ? " in the proxy's namespace" : ` in namespace ${namespace}`}, from istiod`;
  }
  const files = /^file-(cert|root):([^~]+)(?:~(.+))?$/.exec(name);
  if (files)
    return files[1] === 'root' ? `trusted certificates in the file ${files[2]}` : `the certificate in the file ${files[2]} and its key`;
  const identity = /^(spiffe:\/\/[^~]+)(?:~([^~]+)~|$)/.exec(name);
  if (identity) return `the certificate of ${identity[1]}${identity[2] === undefined ? '' : `, for pod ${identity[2]}`}`;
  return undefined;
}
