/** An HBONE connection to a workload of the node: mTLS, CONNECT, policies (istio/ztunnel: src/proxy/inbound.rs). */
import { formatAddress, parseIpPort, type Address } from '../../model/address';
import type { ZtunnelModel, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import { newConnection, type TlsLayer } from '../facts/connection';
import type { HttpRequest } from '../facts/httpRequest';
import { addStep, type Hop, type HopResult } from '../hop';
import { connectionOnWire } from '../facts/connectionOnWire';
import { cannotTell, ending, type Ending } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { testServerNames } from '../upstream/verifyServer';
import { findAddress, findGateway, findServiceByHost } from './findAddress';
import { checkPolicies } from './checkPolicies';
import { isIdentity, type PolicyConnection } from './matchPolicy';
import { isIdentityOf, obligatoryWaypoint, refuseBypass } from './olderWaypoints';
import { callsItself, refuseSelfCall } from './selfCall';
import { lacksCertificate } from './sendToPeer';
import { meetWorkload, noWorkload } from './meetWorkload';

type IpAddress = Extract<Address, { kind: 'ip' }>;

/** The tunnel ends here; its content goes to the workload's own address and the port that the CONNECT names. */
export function passHbone(hop: Hop, model: ZtunnelModel, destination: IpAddress): HopResult {
  const [tls, http, ...content] = hop.connection.layers;
  if (tls?.kind !== 'tls') return refuseTls(hop, words('the client speaks plain text, and HBONE needs mutual TLS'));
  if (tls.principals.length === 0 && tls.hasUnknownPrincipals !== true) return refuseTls(hop, words('the client presents no certificate'));
  const workload = meetWorkload(hop, model, destination.ip);
  if (!workload) return cannotTell(noWorkload(hop, destination.ip));
  const refusal = lacksCertificate(hop, model, workload);
  if (refusal) return refusal;
  const expected = testServerNames(tls, { principals: [workload.identity], otherNames: NO_OTHERS });
  if (expected.kind === 'unknown') return cannotTell(expected.missing);
  if (expected.kind === 'no') return refuseTls(hop, expected.because);
  if (http?.kind !== 'http') return ending('protocol_error');
  hop.record.protocol = http.request.version;
  if (http.request.method !== 'CONNECT') return refuse(hop, say`${http.request.method} is no CONNECT`);
  const found = findTarget(model, { workload, request: http.request, local: destination });
  if (found.kind === 'refused') return found.code === 400 ? refuse(hop, found.because) : unavailable(hop, found.because);
  if (callsItself(found.asked)) return refuseSelfCall(hop, found.asked, 503);
  return authorise(hop, model, { workload, target: found.target, tls, content });
}

/** Istio's certificates of workloads have a URI and no more. */
const NO_OTHERS = { dns: [], ips: [], emails: [] };

function refuseTls(hop: Hop, because: Sentence): Ending {
  addStep(hop, { stage: 'transport_socket', decision: words('the TLS handshake fails'), because });
  return ending('tls_error');
}

function refuse(hop: Hop, because: Sentence): Ending {
  addStep(hop, { stage: 'http_connection', decision: words('the CONNECT is refused'), because });
  return ending('bad_request', { code: 400 });
}

function unavailable(hop: Hop, because: Sentence): Ending {
  addStep(hop, { stage: 'service', decision: words('the CONNECT fails'), because });
  return ending('no_endpoint', { code: 503 });
}

interface ConnectQuestion {
  readonly workload: ZtunnelWorkload;
  readonly request: HttpRequest;
  readonly local: IpAddress;
}

type Target =
  /** `asked`: the port before the workload's own tunnel changes it. */
  | { readonly kind: 'target'; readonly target: IpAddress; readonly asked: number }
  | { readonly kind: 'refused'; readonly code: 400 | 503; readonly because: Sentence };

/** validate_destination, then find_inbound_upstream: the local address, the port of the authority (or of the service it names). */
function findTarget(model: ZtunnelModel, { workload, request, local }: ConnectQuestion): Target {
  const address = parseIpPort(request.authority);
  const named = address ? undefined : /^([^:]+):(\d+)$/.exec(request.authority);
  if (!address && !named) return { kind: 'refused', code: 400, because: say`${request.authority} is no HOST:PORT` };
  if (address && address.ip !== local.ip && !workload.applicationTunnel && !isWaypointOf(model, { workload, ip: address.ip, local }))
    return { kind: 'refused', code: 400, because: say`the CONNECT asks for ${address.ip}, and the connection came to ${local.ip}` };
  const port = address?.port ?? servicePort(model, { workload, hostname: named?.[1] ?? '', port: Number(named?.[2]) });
  if (port === undefined)
    return { kind: 'refused', code: 503, because: say`no service ${named?.[1] ?? ''} has a target for port ${named?.[2] ?? ''}` };
  return { kind: 'target', target: { kind: 'ip', ip: local.ip, port: workload.applicationTunnel?.port ?? port }, asked: port };
}

function servicePort(
  model: ZtunnelModel,
  { workload, hostname, port }: { workload: ZtunnelWorkload; hostname: string; port: number },
): number | undefined {
  const service = findServiceByHost(model, hostname, workload.namespace);
  const own = service?.endpoints.find(({ workloadUid }) => workloadUid === workload.uid)?.ports.get(port);
  return own ?? (service?.ports.get(port) || undefined);
}

/** A sandwiched waypoint gets connections for those whose waypoint it is. */
function isWaypointOf(model: ZtunnelModel, { workload, ip, local }: { workload: ZtunnelWorkload; ip: string; local: IpAddress }): boolean {
  const asked = findAddress(model, { network: model.network, ip }, undefined);
  const gateway = asked?.kind === 'service' ? asked.service.waypoint : asked?.workload.waypoint;
  const found = gateway && findGateway(model, gateway);
  if (!found) return false;
  if (found.kind === 'workload') return found.workload.ips.includes(local.ip);
  return found.service.endpoints.some(({ workloadUid }) => workloadUid === workload.uid);
}

interface Tunnel {
  readonly workload: ZtunnelWorkload;
  readonly target: IpAddress;
  readonly tls: TlsLayer;
  readonly content: Hop['connection']['layers'];
}

/** A refusal is a 401 to the CONNECT. */
function authorise(hop: Hop, model: ZtunnelModel, { workload, target, tls, content }: Tunnel): HopResult {
  const identity = tls.principals.length > 0 ? tls.principals.find(isIdentity) : { kind: 'unknown' as const };
  const refusal = refuse401(hop, model, { workload, target, identity });
  if (refusal) return refusal;
  hop.record.response = { code: 200 };
  hop.record.terminatesTunnel = true;
  const address = addressOfContent(model, workload, target);
  hop.record.endpoint = { address };
  hop.record.upstream = connectionOnWire(newConnection({ destination: address, source: hop.connection.source, layers: content }));
  addStep(hop, {
    stage: 'endpoint',
    decision: say`the content of the tunnel goes to ${formatAddress(address)}`,
    because: say`it is the workload ${workload.name} of this node: the application`,
    at: workload.node,
  });
  return ending('upstream');
}

interface Client {
  readonly workload: ZtunnelWorkload;
  readonly target: IpAddress;
  readonly identity: PolicyConnection['identity'];
}

/** By policies; by older ztunnels also where the workload's waypoint was left out, whose own connections no policy concerns. */
function refuse401(hop: Hop, model: ZtunnelModel, { workload, target, identity }: Client): HopResult | undefined {
  const waypoint = obligatoryWaypoint(model, workload);
  if (waypoint) {
    if (typeof identity === 'object') return cannotTell(say`whose certificate the client presents: give its address with --src`);
    return isIdentityOf(model, waypoint, identity) ? undefined : refuseBypass(hop, workload, waypoint);
  }
  const verdict = checkPolicies(hop, model, workload, { sourceIp: hop.connection.source?.ip, destination: target, identity });
  if (verdict.kind === 'unknown') return cannotTell(verdict.missing);
  if (verdict.kind === 'allowed') return undefined;
  hop.record.response = { code: 401 };
  return ending('denied', { code: 401 });
}

/** A tunnel of the workload's own (PROXY) is bound to the loopback, so that nobody comes past the ztunnel (serve_connect, supports_localhost_send). */
function addressOfContent(model: ZtunnelModel, { applicationTunnel }: ZtunnelWorkload, target: IpAddress): IpAddress {
  if (applicationTunnel?.protocol.toUpperCase() !== 'PROXY' || !model.usesLoopbackTunnel) return target;
  return { ...target, ip: target.ip.includes(':') ? '::1' : '127.0.0.1' };
}
