/** Which workload gets a connection to a service or to an IP (istio/ztunnel: src/state.rs find_upstream, load_balance). */
import type { GatewayAddress, ZtunnelModel, ZtunnelService, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import { addStep, type Hop } from '../hop';
import type { Rejected } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { findGateway, findServiceByVip, findWorkload, type NetworkIp } from './findAddress';
import { preferLocal, type Candidate } from './preferLocal';

export interface ZtunnelUpstream {
  readonly workload: ZtunnelWorkload;
  /** Target port at the workload. */
  readonly port: number;
  readonly service: ZtunnelService | undefined;
  /** The workload's address of the family that was asked for; undefined behind a network gateway or with a host name only. */
  readonly ip: string | undefined;
}

export type UpstreamChoice =
  | { readonly kind: 'upstream'; readonly upstream: ZtunnelUpstream }
  /** The connection goes on as it is. */
  | { readonly kind: 'passthrough'; readonly because: Sentence }
  | { readonly kind: 'none'; readonly because: Sentence; readonly service: ZtunnelService }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

/** `waypoint`: the service is asked for as a waypoint, whose HBONE port need not be one of its ports. */
export type Mode = 'standard' | 'waypoint';

export interface UpstreamQuestion {
  readonly target: NetworkIp & { readonly port: number };
  /** The client, where the dump knows it. */
  readonly source: ZtunnelWorkload | undefined;
  readonly mode: Mode;
}

/** find_upstream: a service's address first, then a workload's, else nothing is known. */
export function chooseUpstream(hop: Hop, model: ZtunnelModel, question: UpstreamQuestion): UpstreamChoice {
  const { target, source } = question;
  const service = findServiceByVip(model, target, source?.namespace);
  if (service) {
    if (service.loadBalancer?.mode === 'Passthrough')
      return { kind: 'passthrough', because: say`service ${service.hostname} has mode Passthrough` };
    return chooseEndpoint(hop, model, { service, port: target.port, question });
  }
  const workload = findWorkload(model, target);
  if (!workload) return { kind: 'passthrough', because: say`${target.ip} is neither a service's address nor a workload's` };
  addStep(hop, {
    stage: 'workload',
    decision: say`workload ${workload.name} is meant`,
    because: say`it has the address ${target.ip}`,
    at: workload.node,
  });
  return { kind: 'upstream', upstream: { workload, port: target.port, service: undefined, ip: target.ip } };
}

/** A waypoint or network gateway, by address or by name. undefined: nobody knows it. */
export function chooseGateway(
  hop: Hop,
  model: ZtunnelModel,
  gateway: GatewayAddress,
  question: UpstreamQuestion,
): UpstreamChoice | undefined {
  const { destination, port } = gateway;
  if (destination.kind === 'address') return chooseUpstream(hop, model, { ...question, target: { ...destination, port } });
  const found = findGateway(model, gateway);
  if (!found) return undefined;
  if (found.kind === 'service') return chooseEndpoint(hop, model, { service: found.service, port, question });
  return {
    kind: 'upstream',
    upstream: { workload: found.workload, port, service: undefined, ip: ipFor(found.workload, question.target.ip) },
  };
}

interface ServiceQuestion {
  readonly service: ZtunnelService;
  readonly port: number;
  readonly question: UpstreamQuestion;
}

function chooseEndpoint(hop: Hop, model: ZtunnelModel, { service, port, question }: ServiceQuestion): UpstreamChoice {
  if (question.mode === 'standard' && !service.ports.has(port))
    return {
      kind: 'none',
      service,
      because: say`service ${service.hostname} has no port ${port}, only ${[...service.ports.keys()].map(String)}`,
    };
  const rejected: Rejected[] = [];
  const usable = service.endpoints.flatMap((endpoint): Candidate[] => {
    const workload = model.workloadsByUid.get(endpoint.workloadUid);
    const refusal = workload ? whyUnusable({ endpoint, workload }, { service, port, question }) : say`the dump has no such workload`;
    if (workload && !refusal) return [{ endpoint, workload }];
    rejected.push({
      candidate: say`${workload?.name ?? endpoint.workloadUid}`,
      because: refusal ?? words('it is not known'),
      at: endpoint.node,
    });
    return [];
  });
  const best = preferLocal(usable, service, question.source, rejected);
  if (!best)
    return {
      kind: 'unknown',
      missing: say`which workload sends: give its address with --src (service ${service.hostname} prefers near endpoints)`,
    };
  if (best.length === 0) return { kind: 'none', service, because: say`service ${service.hostname} has no usable endpoint` };
  return pick(hop, { candidates: best, rejected }, { service, port, question });
}

function whyUnusable({ endpoint, workload }: Candidate, { service, port, question }: ServiceQuestion): Sentence | undefined {
  const reachable = workload.ips.length > 0 || workload.hostname !== '';
  const inNetwork = question.source === undefined || workload.network === question.source.network;
  if (!reachable && (inNetwork || !workload.networkGateway)) return words('it has no address');
  if (question.mode === 'waypoint') {
    return !service.ports.has(port) && !workload.applicationTunnel ? say`the service has no port ${port}` : undefined;
  }
  return (service.ports.get(port) ?? 0) === 0 && !endpoint.ports.has(port) ? say`it does not have service port ${port}` : undefined;
}

/** At random, by capacity. */
function pick(
  hop: Hop,
  { candidates, rejected }: { candidates: readonly Candidate[]; rejected: readonly Rejected[] },
  { service, port, question }: ServiceQuestion,
): UpstreamChoice {
  const able = candidates.filter(({ workload }) => workload.capacity > 0);
  const total = able.reduce((sum, { workload }) => sum + workload.capacity, 0);
  if (total === 0) return { kind: 'none', service, because: say`no endpoint of ${service.hostname} has any capacity` };
  const options = able.map(({ workload, endpoint }) => ({
    value: workload.name || workload.uid,
    probability: workload.capacity / total,
    at: endpoint.node,
  }));
  const chosen = able[hop.choices.choose('endpoint', options)];
  if (!chosen) return { kind: 'none', service, because: say`service ${service.hostname} has no usable endpoint` };
  const { workload, endpoint } = chosen;
  const target =
    endpoint.ports.get(port) ??
    ((service.ports.get(port) ?? 0) > 0 ? service.ports.get(port) : workload.applicationTunnel?.port === undefined ? undefined : port);
  addStep(hop, {
    stage: 'workload',
    decision: say`workload ${workload.name} is chosen`,
    because: say`one of ${able.length} endpoints of service ${service.hostname}, at random by capacity`,
    at: endpoint.node,
    rejected,
  });
  if (target === undefined)
    return { kind: 'none', service, because: say`nothing maps port ${port} of service ${service.hostname} at workload ${workload.name}` };
  return { kind: 'upstream', upstream: { workload, port: target, service, ip: ipFor(workload, question.target.ip, service.ipFamilies) } };
}

/** The address asked for if it is the workload's; else one that the service allows, of the same family where there is one (pick_workload_destination_or_resolve). */
function ipFor(workload: ZtunnelWorkload, asked: string, families?: ZtunnelService['ipFamilies']): string | undefined {
  if (workload.ips.includes(asked)) return asked;
  const allowed = workload.ips.filter((ip) => families === undefined || ip.includes(':') === (families === 'IPv6'));
  return allowed.find((ip) => ip.includes(':') === asked.includes(':')) ?? allowed[0];
}
