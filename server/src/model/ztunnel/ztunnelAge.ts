/** How old a ztunnel is, by what its dump says of its version, or by how the dump is written (istio/ztunnel: src/version.rs, src/state). */
import type { ConfigNode } from '../../schema/configNode';
import type { ZtunnelDump } from './ztunnelDump';

/** Istio 1.22 brought waypoints of services (istio/ztunnel pull requests 832 and 855). */
const SERVICE_WAYPOINTS = 22;

/** What only newer dumps say of workloads and of services. */
const NEWER_FIELDS: Readonly<Record<'workloads' | 'services', readonly string[]>> = {
  workloads: ['locality', 'applicationTunnel', 'networkMode', 'services', 'capacity'],
  services: ['waypoint', 'loadBalancer', 'ipFamilies'],
};

/**
 * Ztunnels of Istio up to 1.21 know waypoints of workloads alone, and use them for connections to services, too. Where a dump does not tell its version,
 * the spelling of its waypoints does (`port`, or `hboneSingleTlsPort` beside it), unless it has something newer.
 */
export function knowsWorkloadWaypointsOnly(dump: ZtunnelDump, workloads: readonly ConfigNode[], services: readonly ConfigNode[]): boolean {
  const minor = minorVersionOf(dump);
  if (minor !== undefined) return minor < SERVICE_WAYPOINTS;
  const isNewer =
    workloads.some((node) => NEWER_FIELDS.workloads.some((field) => node.has(field))) ||
    services.some((node) => NEWER_FIELDS.services.some((field) => node.has(field)));
  return !isNewer && workloads.some((node) => isOldGateway(node.get('waypoint')));
}

function isOldGateway(gateway: ConfigNode | undefined): boolean {
  return gateway?.has('port') === true || gateway?.entry('hboneSingleTlsPort') !== undefined;
}

/** Of `1.21.0`, `v1.21.0-distroless`; builds name commits in other members. */
function minorVersionOf(dump: ZtunnelDump): number | undefined {
  for (const piece of dump) {
    const version = piece.get('version');
    for (const text of [version?.string('istio_version'), version?.string('git_tag'), version?.string('version')]) {
      const minor = /^v?1\.(\d+)\b/.exec(text ?? '')?.[1];
      if (minor !== undefined) return Number(minor);
    }
  }
  return undefined;
}
