/** Hover of a cluster: type, endpoints with health, TLS, the listener it goes into, who uses it. */
import { loadAssignmentOf } from '../../index/links/resolveName';
import { summarizeCluster } from '../../model/summary/clusterSummary';
import { explainIstioName } from '../../model/istio/explainIstioName';
import { describeMaker } from '../../model/istio/istioNames';
import { endpointsOf } from '../../model/loadAssignment';
import { countUsesOfCluster } from '../known/countUses';
import { isOfIstio } from '../known/isOfIstio';
import { code, count, escapeMarkdown } from '../writing/markdown';
import { describeHealth, endpointTable } from './describeEndpoints';
import { describeUsers } from './describeUsers';
import type { Seen } from './seen';

export function describeCluster({ snapshot, proxy, node }: Seen): string {
  const name = node.string('name');
  const { discovery, balancing, transport, members } = summarizeCluster(node);
  const lines = [`**Cluster** ${code(name)}`];
  const meaning = explainIstioName('cluster', name, isOfIstio(proxy));
  if (meaning !== undefined) lines.push(escapeMarkdown(meaning));
  lines.push([discovery, balancing, transport].filter(Boolean).map(escapeMarkdown).join(' · '));
  if (members.length > 0) lines.push(`Tries in order: ${members.map(code).join(', ')}`);
  const maker = describeMaker(node.get('metadata'));
  if (maker !== undefined) lines.push(`Made by ${escapeMarkdown(maker)}`);
  lines.push(describeHosts({ snapshot, proxy, node }));
  lines.push(describeUses({ snapshot, proxy, node }, name));
  return lines.filter(Boolean).join('\n\n');
}

/** Every sidecar's cluster names the SDS cluster: so many tell nothing one by one. */
const MAX_LISTED = 200;

function describeUses({ snapshot, proxy }: Seen, name: string): string {
  const uses = countUsesOfCluster(snapshot, proxy, name);
  if (uses === 0) return 'Nothing in this proxy names it.';
  if (uses > MAX_LISTED) return `Named in ${count(uses, 'place')}.`;
  const places = snapshot.namesOf(proxy).uses('cluster', name);
  return describeUsers(
    snapshot,
    places.filter(({ site }) => !site.back),
  );
}

function describeHosts({ proxy, node }: Seen): string {
  const { discovery } = summarizeCluster(node);
  if (discovery === 'ORIGINAL_DST') return describeOriginalDestination(node);
  const assignment = loadAssignmentOf(proxy, node);
  if (!assignment) {
    if (discovery === 'EDS')
      return proxy.hasEndpoints
        ? 'No endpoints: the dump lists none for it.'
        : 'Its endpoints are not in the files (take the dump with `?include_eds`).';
    return '';
  }
  const endpoints = endpointsOf(assignment);
  if (endpoints.length === 0) return '**No endpoints.**';
  return `${describeHealth(endpoints)}\n\n${endpointTable(assignment)}`;
}

function describeOriginalDestination(cluster: Seen['node']): string {
  const config = cluster.get('original_dst_lb_config');
  const port = config?.number('upstream_port_override');
  const header = config?.bool('use_http_header')
    ? `, or where the header ${code(config.string('http_header_name') || 'x-envoy-original-dst-host')} says`
    : '';
  return `Goes to the original destination${header}${port === undefined ? '' : `, port ${port}`}.`;
}
