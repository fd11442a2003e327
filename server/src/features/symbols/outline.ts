/** What lies in what, as people see a proxy: listener → chain → filter → routes → virtual host → route; cluster → endpoints. */
import { istioPartsOf } from '../istio/istioOutline';
import { filterChainsOf } from '../../model/summary/listenerSummary';
import { eachEndpoint } from '../../model/loadAssignment';
import type { ResourceKind } from '../../model/resources/resource';
import { ConfigNode } from '../../schema/configNode';

export interface OutlinePart {
  readonly kind: ResourceKind | 'filter_chain' | 'filter' | 'route' | 'endpoint' | 'istio_part';
  readonly node: ConfigNode;
  /** What its name says, where that is known already. */
  readonly name?: string;
  /** The place in its list; null for the default filter chain and what is in no list. */
  readonly index: number | null;
  /** Of a part of an Istio resource: the field in whose list it is. */
  readonly list?: string;
}

/** The parts that an outline shows below a part, in file order. */
export function partsBelow({ kind, node }: OutlinePart): OutlinePart[] {
  switch (kind) {
    case 'listener':
      return filterChainsOf(node).map(({ chain, index }): OutlinePart => ({ kind: 'filter_chain', node: chain, index }));
    case 'filter_chain':
      return listed('filter', node.list('filters'));
    case 'filter': {
      const routes = node.typed()?.node.get('route_config');
      return routes ? [{ kind: 'route_configuration', node: routes, index: null }] : [];
    }
    case 'route_configuration':
      return listed('virtual_host', node.list('virtual_hosts'));
    case 'virtual_host':
      return listed('route', node.list('routes'));
    case 'cluster': {
      const assignment = node.get('load_assignment');
      return assignment ? endpointsIn(assignment) : [];
    }
    case 'load_assignment':
      return endpointsIn(node);
    case 'istio_resource':
      return istioPartsOf(node).map((part): OutlinePart => ({ kind: 'istio_part', ...part }));
    default:
      return [];
  }
}

function listed(kind: OutlinePart['kind'], nodes: readonly ConfigNode[]): OutlinePart[] {
  return nodes.map((node, index) => ({ kind, node, index }));
}

function endpointsIn(assignment: ConfigNode): OutlinePart[] {
  const parts: OutlinePart[] = [];
  eachEndpoint(assignment, (id) => parts.push({ kind: 'endpoint', node: new ConfigNode(assignment.tree, id), index: parts.length }));
  return parts;
}
