/** From a cluster's name to the host that gets the connection, and what is sent to it. */
import { formatAddress } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import { keepsBack } from '../../schema/keptBack';
import { addStep, type Hop, type HopResult } from '../hop';
import { localReply } from '../http/localReply/localReply';
import { cannotTell, ending, type Ending } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { sendUpstream } from '../upstream/sendUpstream';
import { chooseMember } from './aggregate';
import type { HostChoice, MissingHost } from './balancing/chooseHost';
import { poolOf, whatBalancingLacks } from './balancing/hostPool';
import { clusterHostsOf } from './discovery/clusterHosts';
import { criteriaOf } from './subset/criteria';
import { discoveryOf, type Discovery } from './discovery/discoveryOf';
import { dropOverload } from './dropOverload';
import { dynamicHost } from './discovery/dynamicForwardProxy';
import { refuseConnections } from './circuitBreaker';
import { findCluster, isMissingCluster } from './findCluster';
import { maintenanceMode } from './maintenanceMode';
import { originalDestination } from './discovery/originalDestination';
import { overriddenHost } from './balancing/overrideHost';
import { sessionHost } from './balancing/sessionHost';
import { chooseHostOfSubset } from './subset/subset';
import type { Destination } from '../upstream/destination';
import type { ForwardTarget } from './forwardTarget';

/** Cluster → member → subset → priority → locality → host → transport socket → next hop. */
export function forwardToCluster(hop: Hop, target: ForwardTarget): HopResult {
  if (target.clusterName !== '') hop.record.cluster = target.clusterName;
  const found = findCluster(hop, target);
  if (found.kind === 'ending') return found;
  const { cluster } = found;
  const maintenance = maintenanceMode(hop, target);
  if (maintenance) return maintenance;
  const refused = target.protocol === 'tcp' ? refuseConnections(hop, cluster) : undefined;
  if (refused) return refused;
  const discovery = discoveryOf(cluster);
  addStep(hop, { stage: 'cluster', decision: say`cluster ${target.clusterName} gets it`, because: whatCluster(discovery), at: cluster });
  switch (discovery.kind) {
    case 'original_dst':
      return toOriginalDestination(hop, cluster, target);
    case 'dynamic_forward_proxy':
      return toDynamicHost(hop, cluster, target);
    case 'aggregate':
      return toMember(hop, { cluster, config: discovery.config }, target);
    case 'composite':
      return toFirstMember(hop, { cluster, config: discovery.config }, target);
    case 'custom':
      return cannotTell(
        say`the hosts of cluster ${target.clusterName}: its type ${discovery.name} finds them at run time; add what its admin prints at /clusters?format=json`,
      );
    case 'static':
    case 'strict_dns':
    case 'logical_dns':
    case 'eds':
      return toHosts(hop, cluster, target);
  }
}

const KINDS: Readonly<Record<Discovery['kind'], string>> = {
  static: 'its hosts are fixed (STATIC)',
  strict_dns: 'its hosts come from DNS (STRICT_DNS)',
  logical_dns: 'its host comes from DNS (LOGICAL_DNS)',
  eds: 'its hosts come by EDS',
  original_dst: 'the address comes with the connection (ORIGINAL_DST)',
  aggregate: 'it hands the request to one of its members (aggregate)',
  composite: 'its first member gets the first attempt (composite)',
  dynamic_forward_proxy: 'the host comes with the request (dynamic forward proxy)',
  custom: 'its type is an extension',
};

function whatCluster({ kind }: Discovery): Sentence {
  return words(KINDS[kind]);
}

function toHosts(hop: Hop, cluster: ConfigNode, target: ForwardTarget): HopResult {
  const answer = clusterHostsOf(hop.proxy, cluster);
  if (answer.kind === 'unknown') return cannotTell(answer.missing);
  if (answer.kind === 'rejected') {
    addStep(hop, { stage: 'cluster', decision: words('Envoy would refuse this cluster'), because: answer.because, at: answer.at });
    return ending('config_rejected');
  }
  const lost = whatBalancingLacks(cluster, answer);
  if (lost) return cannotTell(lost);
  const dropped = target.protocol === 'http' ? dropOverload(hop, answer.dropOverload) : undefined;
  if (dropped) return dropped;
  const pool = poolOf(hop, cluster, answer);
  const choice =
    sessionHost(hop, pool) ?? overriddenHost(hop, pool) ?? chooseHostOfSubset(hop, pool, criteriaOf(hop, target.metadataMatch));
  return toChoice(hop, { choice, cluster }, target);
}

interface ChosenHost {
  readonly choice: HostChoice;
  readonly cluster: ConfigNode;
}

function toChoice(hop: Hop, { choice, cluster }: ChosenHost, target: ForwardTarget): HopResult {
  if (choice.kind === 'unknown') return cannotTell(choice.missing);
  if (choice.kind === 'none') return missingHosts(hop, cluster) ?? noEndpoint(hop, choice, target);
  const { host, priority, because, rejected } = choice;
  hop.record.endpoint = {
    address: host.address,
    priority,
    ...(host.health && { health: host.health }),
    ...(host.locality.name !== '' && { locality: host.locality.name }),
    ...(host.node.has('load_balancing_weight') && { weight: host.weight }),
  };
  addStep(hop, { stage: 'endpoint', decision: say`endpoint ${host.text}`, because, at: host.node, rejected });
  return sendUpstream(hop, { cluster, address: host.address, host }, target);
}

/** Hosts that the file leaves out may be usable. */
function missingHosts({ proxy }: Hop, cluster: ConfigNode): Ending | undefined {
  const hosts = clusterHostsOf(proxy, cluster);
  const isCut = hosts.kind === 'hosts' && hosts.isIncomplete;
  return isCut ? cannotTell(say`the hosts of cluster ${cluster.string('name')} that the file leaves out`) : undefined;
}

/** No host, or none that may be used: UH. */
function noEndpoint(hop: Hop, { because, at, rejected, code = 503 }: Omit<MissingHost, 'kind'>, target: ForwardTarget): Ending {
  addStep(hop, { stage: 'endpoint', decision: words('no endpoint takes the request'), because, at, rejected });
  if (target.protocol === 'tcp' || !hop.http) return ending('no_endpoint', { flags: ['UH'] });
  return localReply(hop, 'no_endpoint', { code, flags: ['UH'], details: 'no_healthy_upstream', body: 'no healthy upstream' });
}

function toOriginalDestination(hop: Hop, cluster: ConfigNode, target: ForwardTarget): HopResult {
  const answer = originalDestination(hop, cluster);
  if (answer.kind === 'unknown') return cannotTell(answer.missing);
  if (answer.kind === 'none') return noEndpoint(hop, { ...answer, rejected: [] }, target);
  return toAddress(
    hop,
    {
      cluster,
      address: answer.address,
      host: undefined,
      // original_dst_cluster.cc, chooseHost
      hostname: `${cluster.string('name')}${formatAddress(answer.address)}`,
      isWaypoint: answer.isWaypoint,
    },
    { target, because: answer.because, at: answer.at ?? cluster },
  );
}

function toDynamicHost(hop: Hop, cluster: ConfigNode, target: ForwardTarget): HopResult {
  const answer = dynamicHost(hop, cluster);
  if (answer.kind === 'unknown') return cannotTell(answer.missing);
  if (answer.kind === 'none') return noEndpoint(hop, { because: answer.because, at: cluster, rejected: [] }, target);
  const { address, hostname, because } = answer;
  return toAddress(hop, { cluster, address, host: undefined, hostname }, { target, because, at: cluster });
}

function toAddress(
  hop: Hop,
  destination: Destination,
  { target, because, at }: { target: ForwardTarget; because: Sentence; at: ConfigNode },
): HopResult {
  hop.record.endpoint = { address: destination.address };
  addStep(hop, { stage: 'endpoint', decision: say`endpoint ${formatAddress(destination.address)}`, because, at });
  return sendUpstream(hop, destination, target);
}

function toMember(hop: Hop, { cluster, config }: { cluster: ConfigNode; config: ConfigNode }, target: ForwardTarget): HopResult {
  // The aggregate has no host of its own that a session could name.
  const session = sessionHost(hop, { cluster, priorities: [] });
  if (session?.kind === 'none') return noEndpoint(hop, session, target);
  const answer = chooseMember(hop, cluster, config);
  if (answer.kind === 'unknown') return cannotTell(answer.missing);
  if (answer.kind === 'none') return noEndpoint(hop, answer, target);
  const lost = whatBalancingLacks(answer.cluster, answer.hosts);
  if (lost) return cannotTell(lost);
  hop.record.member = answer.cluster.string('name');
  const pool = { ...poolOf(hop, answer.cluster, answer.hosts), share: answer };
  const choice = chooseHostOfSubset(hop, pool, criteriaOf(hop, target.metadataMatch));
  return toChoice(hop, { choice, cluster: answer.cluster }, target);
}

/** They have hosts of their own. */
const LISTS: ReadonlySet<Discovery['kind']> = new Set(['static', 'strict_dns', 'logical_dns', 'eds']);

/** The attempts go through the members in their order (Envoy: source/extensions/clusters/composite/cluster.cc). */
function toFirstMember(hop: Hop, { cluster, config }: { cluster: ConfigNode; config: ConfigNode }, target: ForwardTarget): HopResult {
  const at = config.list('clusters')[0]?.get('name');
  const name = at?.asString();
  if (!at || name === undefined || keepsBack(config))
    return cannotTell(say`the members of ${cluster.string('name')}, of which the file leaves out a part`);
  const member = hop.proxy.byName.cluster.get(name)?.node;
  if (member && LISTS.has(discoveryOf(member).kind)) {
    hop.record.member = name;
    return toHosts(hop, member, target);
  }
  if (member || !isMissingCluster(hop, name))
    return cannotTell(say`where the cluster ${name} leads, the first member of ${cluster.string('name')}`);
  return noEndpoint(hop, { because: say`its first member ${name} does not exist`, at, rejected: [] }, target);
}
