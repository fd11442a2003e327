/** Who a proxy is: `core.v3.Node` with what Istio writes into it (node id, INSTANCE_IPS, versions). */
import type { ConfigNode } from '../schema/configNode';
import { canonicalIp } from './address';

export type ProxyType = 'sidecar' | 'router' | 'waypoint' | 'ztunnel' | 'envoy';

export interface ProxyNode {
  /** Example: `sidecar~10.4.0.5~productpage-v1.default~default.svc.cluster.local`; '' where the file gives none. */
  readonly id: string;
  readonly type: ProxyType;
  /** Own IPs: from the node id and INSTANCE_IPS. */
  readonly ips: readonly string[];
  /** Pod name and namespace of an Istio proxy. Example: `productpage-v1`, `default` */
  readonly pod: string | undefined;
  readonly namespace: string | undefined;
  /** Kubernetes node. Example: `ambient-worker2` */
  readonly kubernetesNode: string | undefined;
  /** Envoy's version. Example: `[1, 40, 0]`; undefined where the file does not tell. */
  readonly version: readonly [major: number, minor: number, patch: number] | undefined;
  readonly locality: { readonly region: string; readonly zone: string; readonly subZone: string } | undefined;
  readonly metadata: ConfigNode | undefined;
  readonly node: ConfigNode | undefined;
}

/** Reads `core.v3.Node`; everything is optional. Istio: pilot/pkg/model/context.go (node id of four parts). */
export function readProxyNode(node: ConfigNode | undefined): ProxyNode {
  const id = node?.string('id') ?? '';
  const parts = id.split('~');
  const isIstio = parts.length === 4;
  const metadata = node?.get('metadata');
  const [pod, namespace] = isIstio ? splitPod(parts[2] ?? '') : [undefined, undefined];
  const ips = new Set<string>();
  for (const text of [isIstio ? parts[1] : undefined, ...(metadata?.string('INSTANCE_IPS') ?? '').split(',')]) {
    const ip = canonicalIp((text ?? '').trim());
    if (ip !== undefined && ip !== '0.0.0.0') ips.add(ip);
  }
  return {
    id,
    type: isIstio ? readType(parts[0] ?? '') : 'envoy',
    ips: [...ips],
    pod,
    namespace: metadata?.string('NAMESPACE') || namespace,
    kubernetesNode: metadata?.string('NODE_NAME') || undefined,
    version: readVersion(node),
    locality: readLocality(node?.get('locality')),
    metadata,
    node,
  };
}

function splitPod(text: string): [pod: string, namespace: string] {
  const dot = text.lastIndexOf('.');
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
}

function readType(text: string): ProxyType {
  return text === 'sidecar' || text === 'router' || text === 'waypoint' || text === 'ztunnel' ? text : 'envoy';
}

function readVersion(node: ConfigNode | undefined): ProxyNode['version'] {
  const version = node?.path('user_agent_build_version', 'version');
  if (version) return [version.number('major_number') ?? 0, version.number('minor_number') ?? 0, version.number('patch') ?? 0];
  // Before user_agent_build_version: "hash/1.12.0-dev/Clean/RELEASE/BoringSSL".
  const match = /\/(\d+)\.(\d+)\.(\d+)/.exec(node?.string('build_version') ?? '');
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

function readLocality(node: ConfigNode | undefined): ProxyNode['locality'] {
  return node && { region: node.string('region'), zone: node.string('zone'), subZone: node.string('sub_zone') };
}
