/** Hover of endpoints: address, health, weight, place, and the internal listener or tunnel behind them. */
import { clustersOfLoadAssignment } from '../../index/links/resolveName';
import { labelOfAddress } from '../../model/address';
import {
  countHealthy,
  endpointsOf,
  isHealthTold,
  isHealthy,
  readLoadAssignment,
  type Endpoint,
  type LocalityEndpoints,
} from '../../model/loadAssignment';
import type { ConfigNode } from '../../schema/configNode';
import { cell, code, count, escapeMarkdown, table, firstOf, restOf } from '../writing/markdown';
import type { Seen } from './seen';
import { readIstioWorkload } from '../../model/istio/istioNames';

const MAX_ROWS = 12;

/** The endpoints of a ClusterLoadAssignment as a table; a long one is cut and says so. */
export function endpointTable(assignment: ConfigNode): string {
  const rows = readLoadAssignment(assignment).flatMap((locality) => locality.endpoints.map((endpoint) => ({ locality, endpoint })));
  const columns = columnsOf(rows);
  const shown = rows.slice(0, MAX_ROWS).map((row) => columns.map(({ value }) => value(row)));
  const heads = columns.map(({ head }) => head);
  return table(heads, shown) + restOf(rows.length, MAX_ROWS);
}

interface Row {
  readonly locality: LocalityEndpoints;
  readonly endpoint: Endpoint;
}

/** Columns in which all rows say the same default are left out. */
function columnsOf(rows: readonly Row[]): { head: string; value: (row: Row) => string }[] {
  const columns = [
    { head: 'address', shown: true, value: ({ endpoint }: Row) => cell(addressOf(endpoint)) },
    {
      head: 'health',
      shown: rows.some(({ endpoint }) => isHealthTold(endpoint)),
      value: ({ endpoint }: Row) => (isHealthy(endpoint) ? endpoint.health : `**${endpoint.health}**`),
    },
    { head: 'workload', shown: rows.some((row) => workloadOf(row) !== ''), value: (row: Row) => escapeMarkdown(workloadOf(row)) },
    { head: 'weight', shown: rows.some(({ endpoint }) => endpoint.weight !== 1), value: ({ endpoint }: Row) => String(endpoint.weight) },
    {
      head: 'priority',
      shown: rows.some(({ locality }) => locality.priority !== 0),
      value: ({ locality }: Row) => String(locality.priority),
    },
    {
      head: 'locality',
      shown: rows.some(({ locality }) => locality.locality !== ''),
      value: ({ locality }: Row) => escapeMarkdown(locality.locality),
    },
  ];
  return columns.filter(({ shown }) => shown);
}

function addressOf({ address }: Endpoint): string {
  return address ? labelOfAddress(address) : 'no address';
}

/** `productpage-v1 in default`; '' where Istio has not said it. */
function workloadOf({ endpoint }: Row): string {
  const { name, namespace } = readIstioWorkload(endpoint.metadata?.path('filter_metadata', 'istio', 'workload')?.asString() ?? '');
  return name && `${name}${namespace && ` in ${namespace}`}`;
}

/** `3 endpoints, all healthy`; just the number where nobody says how they are. */
export function describeHealth(endpoints: readonly Endpoint[]): string {
  const all = count(endpoints.length, 'endpoint');
  const healthy = countHealthy(endpoints);
  if (healthy === undefined) return all;
  return `${all}, ${healthy === endpoints.length ? 'all healthy' : `**${healthy} healthy**`}`;
}

/** How many endpoints in which states, and whose they are. */
export function describeLoadAssignment({ proxy, node }: Seen): string {
  const name = node.string('cluster_name');
  const endpoints = endpointsOf(node);
  const clusters = clustersOfLoadAssignment(proxy, name).map((cluster) => cluster.string('name'));
  return [
    `**Endpoints** of ${code(name || '(the file gives no cluster_name)')}`,
    endpoints.length === 0 ? '**No endpoints.**' : `${describeHealth(endpoints)}\n\n${endpointTable(node)}`,
    clusters.length > 0 ? `Used by ${firstOf(clusters.map(code), 5)}` : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** Its address, health, weight and locality, and whose address it is. */
export function describeEndpoint({ proxy, node }: Seen): string {
  const locality = readLoadAssignment(node.parent?.parent?.parent?.parent ?? node).find(({ endpoints }) =>
    endpoints.some((each) => each.node.sameAs(node)),
  );
  const endpoint = locality?.endpoints.find((each) => each.node.sameAs(node));
  if (!endpoint || !locality) return '';
  const details = [
    isHealthTold(endpoint) ? `health ${endpoint.health}` : '',
    endpoint.weight !== 1 ? `weight ${endpoint.weight}` : '',
    locality.priority > 0 ? `priority ${locality.priority}` : '',
    locality.locality,
  ];
  const lines = [`**Endpoint** ${code(addressOf(endpoint))}`, details.filter(Boolean).map(escapeMarkdown).join(' · ')];
  const workload = workloadOf({ locality, endpoint });
  if (workload) lines.push(`Workload ${escapeMarkdown(workload)}`);
  if (endpoint.address?.kind === 'internal') {
    const known = proxy.byName.listener.has(endpoint.address.listener);
    lines.push(`Goes into the internal listener ${code(endpoint.address.listener)}${known ? '' : ', **which is not in this proxy**'}.`);
  }
  const tunnel =
    endpoint.metadata?.path('filter_metadata', 'tunnel') ??
    endpoint.metadata?.path('filter_metadata', 'envoy.filters.listener.original_dst');
  for (const [key, value] of tunnel?.entries() ?? []) lines.push(`${escapeMarkdown(key)}: ${code(value.asString() ?? '')}`);
  return lines.filter(Boolean).join('\n\n');
}
