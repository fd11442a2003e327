/** Names that Istio makes, taken apart (istio: pilot/pkg/model/service.go, pkg/spiffe). */

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

/** `/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews` → kind, namespace and name. */
export function parseIstioConfigPath(path: string): { kind: string; namespace: string; name: string } | undefined {
  const match = /^\/apis\/[^/]+\/[^/]+\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path);
  if (!match) return undefined;
  const kind = (match[2] ?? '').replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  return { kind: kind === 'HttpRoute' ? 'HTTPRoute' : kind, namespace: match[1] ?? '', name: match[3] ?? '' };
}

/** The Istio resource that made a message (`metadata.filter_metadata.istio.config`), in words. */
export function describeMaker(
  metadata: { path(...names: string[]): { asString(): string | undefined } | undefined } | undefined,
): string | undefined {
  const config = metadata?.path('filter_metadata', 'istio', 'config')?.asString();
  const parsed = config === undefined ? undefined : parseIstioConfigPath(config);
  return parsed && `${parsed.kind} ${parsed.namespace}/${parsed.name}`;
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
