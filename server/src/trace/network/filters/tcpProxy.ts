/** envoy.filters.network.tcp_proxy (Envoy: source/common/tcp_proxy/tcp_proxy.cc). */
import { objectAt } from '../../facts/filterStateObject';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import { configuredCriteria } from '../../cluster/subset/criteria';
import { forwardToCluster } from '../../cluster/forwardToCluster';
import type { FilterStateValue, Layer } from '../../facts/connection';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell, type Ending, type Rejected } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import { openTunnel } from './openTunnel';
import { tellTlvs } from './tellTlvs';
import { TCP_PROXY_CLUSTER } from './sniCluster';
import type { NetworkFilterEntry } from '../networkFilter';

/** Chooses the cluster and sends the bytes there, in a tunnel where one is configured. */
export function proxyTcp(hop: Hop, { filter, config }: NetworkFilterEntry): HopResult {
  hop.record.protocol = 'tcp';
  const chosen = chooseCluster(hop, config.node, filter);
  if ('disposition' in chosen) return chosen;
  const { name, at } = chosen;
  if (!hop.proxy.byName.cluster.has(name) && config.node.path('on_demand', 'odcds_config'))
    return cannotTell(say`the cluster ${name}, which Envoy would ask for on demand (ODCDS)`);
  tellTlvs(hop, config.node);
  const tunnel = config.node.get('tunneling_config');
  const opened = tunnel && openTunnel(hop, tunnel);
  if (opened && 'disposition' in opened) return opened;
  const layers: readonly Layer[] = opened ? [opened, ...hop.connection.layers] : hop.connection.layers;
  return forwardToCluster(hop, {
    clusterName: name,
    at,
    protocol: 'tcp',
    layers,
    metadataMatch: configuredCriteria(config.node, chosen.weight),
    clusterNotFound: { flags: ['NC'] },
    ...(opened && { tunnels: true }),
  });
}

interface ChosenCluster {
  readonly name: string;
  readonly at: ConfigNode | undefined;
  readonly weight?: ConfigNode;
}

/** `weighted_clusters` count only without `cluster`, and then filter state has no say; else filter state wins. */
function chooseCluster(hop: Hop, config: ConfigNode, filter: ConfigNode): ChosenCluster | Ending {
  const named = config.get('cluster');
  const weighted = named?.asString() ? undefined : config.get('weighted_clusters');
  const state = objectAt(hop.connection.filterState, TCP_PROXY_CLUSTER);
  if (weighted) return chooseByWeight(hop, weighted, state ? [loseToWeights(state, weighted)] : []);
  if (state?.unknown) return cannotTell(say`the filter state ${TCP_PROXY_CLUSTER}, which names the cluster`);
  const name = state?.value ?? named?.asString() ?? '';
  if (name === '' && config.isIncomplete) return cannotTell(say`the cluster of ${filter.string('name')}, which the file leaves out`);
  addStep(hop, {
    stage: 'network_filter',
    decision: say`${filter.string('name')} sends the bytes to cluster ${name}`,
    because: state
      ? say`the filter state ${TCP_PROXY_CLUSTER} names it${named ? say`, which wins over ${named.asString()}` : words('')}`
      : words('its configuration names it'),
    at: state ? filter : (named ?? filter),
  });
  return { name, at: state ? undefined : named };
}

function loseToWeights({ value, unknown }: FilterStateValue, at: ConfigNode): Rejected {
  const name = unknown === true ? words('the cluster of the filter state') : say`${value}`;
  return { candidate: name, because: say`the filter state ${TCP_PROXY_CLUSTER} names it, and weighted_clusters win over that`, at };
}

interface WeightTable {
  readonly entries: readonly { readonly node: ConfigNode; readonly name: string; readonly weight: number }[];
  readonly total: number;
}

const weightsOf: (weighted: ConfigNode) => WeightTable = memoizeByNode((weighted) => {
  const entries = weighted.list('clusters').map((node) => ({ node, name: node.string('name'), weight: node.number('weight') ?? 0 }));
  return { entries, total: entries.reduce((sum, { weight }) => sum + weight, 0) };
});

/** Draws one of `clusters: [{name, weight}]`, as tcp_proxy does. `before`: what had no say. */
export function chooseByWeight(hop: Hop, weighted: ConfigNode, before: readonly Rejected[] = []): ChosenCluster | Ending {
  if (mayLackEntries(weighted, 'clusters', ['name', 'weight']))
    return cannotTell(words('the weighted clusters, which the file leaves out'));
  const { entries, total } = weightsOf(weighted);
  const open = entries.filter(({ weight }) => weight > 0);
  const { random } = hop.request;
  const index =
    random === undefined
      ? hop.choices.choose(
          'weight',
          open.map(({ name, weight, node }) => ({ value: name, probability: weight / total, at: node })),
        )
      : drawnIndex(open, random % total);
  const drawn = open[index];
  if (!drawn) return cannotTell(words('the weighted clusters, which the file leaves out'));
  addStep(hop, {
    stage: 'network_filter',
    decision: say`the bytes go to cluster ${drawn.name}`,
    because: say`it has ${drawn.weight} of ${total} parts of the weight`,
    at: drawn.node,
    rejected: [...before, ...losersOf(entries, drawn)],
  });
  return { name: drawn.name, at: drawn.node.get('name'), weight: drawn.node };
}

type WeightEntry = WeightTable['entries'][number];

function losersOf(entries: readonly WeightEntry[], drawn: WeightEntry): Rejected[] {
  return entries
    .filter((entry) => entry !== drawn)
    .map(({ name, weight, node }) => ({
      candidate: say`${name}`,
      because: weight === 0 ? words('its weight is 0') : words('another one is drawn'),
      at: node,
    }));
}

function drawnIndex(open: WeightTable['entries'], value: number): number {
  let sum = 0;
  return open.findIndex(({ weight }) => (sum += weight) > value);
}
