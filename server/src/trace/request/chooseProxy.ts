/** Which proxy does a request enter first? By name, by the owner of its source or destination, or because there is only one. */
import type { TraceRequest } from '../../protocol/trace';
import type { ProxyScope } from '../../index/proxyScope';
import { readZtunnel } from '../../model/ztunnel/readZtunnel';
import { shortProxy } from '../../model/summary/shortProxy';
import { fileNameOf, folderOf } from '../../text/uriParts';
import { say, words, type Sentence } from '../record/sentence';
import { isZtunnel, ownersOf, servedIps, withoutRepeats, type AddressOwner } from '../upstream/addressOwners';
import { hasCapture, listensAt } from '../listener/boundListeners';
import type { Snapshot } from '../../index/snapshot';

export interface ProxyQuestion {
  readonly sourceIp: string | undefined;
  /** Undefined where it is still to be resolved. */
  readonly destination: { readonly ip: string; readonly port: number } | undefined;
}

export type ProxyChoice =
  | { readonly kind: 'proxies'; readonly proxies: readonly ProxyScope[]; readonly notes: readonly string[] }
  | { readonly kind: 'missing'; readonly missing: Sentence };

/** The proxies at which the request may enter: usually one. */
export function chooseProxy(snapshot: Snapshot, request: TraceRequest, question: ProxyQuestion): ProxyChoice {
  const named = request.start?.proxy;
  const open = named === undefined ? snapshot.proxies.filter(isLive) : findNamed(snapshot, named);
  if (open.length === 0) {
    const missing = named === undefined ? say`a proxy: the files hold none` : say`proxy ${named}: ${heldProxies(snapshot.proxies)}`;
    return { kind: 'missing', missing };
  }
  const withListener = open.filter(
    (proxy) => request.start?.listener === undefined || proxy.listeners.some(({ name }) => name === request.start?.listener),
  );
  const candidates = withListener.length > 0 ? withListener : open;
  const chosen = candidates.length === 1 ? candidates : narrow(snapshot, request, { question, candidates });
  if (chosen.length === 0) return { kind: 'missing', missing: whichProxy(snapshot, question.sourceIp, candidates) };
  return {
    kind: 'proxies',
    proxies: chosen,
    notes: chosen.flatMap((proxy) => [...notesOnAge(snapshot, proxy), ...notesOnSender(proxy, question.sourceIp)]),
  };
}

const SHOWN = 8;

/** As --proxy takes them. */
function heldProxies(proxies: readonly ProxyScope[]): Sentence {
  const ids = proxies.map(({ id, proxyNode: { pod, namespace } }) => (pod === undefined ? id : `${pod}.${namespace ?? ''}`));
  const more = ids.length > SHOWN ? say` and ${ids.length - SHOWN} more` : words('');
  return say`the files hold ${ids.slice(0, SHOWN)}${more}`;
}

/** Who sends: the dump that would tell may not be open. */
export function whichProxy(snapshot: Snapshot, sourceIp: string | undefined, candidates: readonly ProxyScope[]): Sentence {
  const held = heldProxies(candidates);
  if (sourceIp === undefined) return say`which proxy sends the request: name it with --proxy, or give its client with --src; ${held}`;
  if (ownersOf(snapshot, sourceIp).length > 1)
    return say`which proxy takes the connection: several have ${sourceIp}; name it with --proxy; ${held}`;
  return say`which proxy takes the connection: the dump of ${sourceIp} is not open; open its sidecar's, or that of its node's ztunnel, or name a proxy with --proxy; ${held}`;
}

function isLive({ supersededBy }: ProxyScope): boolean {
  return supersededBy === undefined;
}

/** A node id, a file (its path, or the end of it), or a scope's own name. A node's newest dump counts, a file is taken as it is. */
function findNamed(snapshot: Snapshot, name: string): readonly ProxyScope[] {
  const byNode = snapshot.proxies.filter((proxy) => proxy.proxyNode.id === name || proxy.id === name);
  if (byNode.length > 0) return byNode.some(isLive) ? byNode.filter(isLive) : byNode;
  const path = name.replace(/\\/g, '/');
  const byFile = snapshot.proxies.filter(({ uris }) =>
    uris.some((uri) => uri === path || uri.replace(/\\/g, '/').endsWith(`/${path.replace(/^\.?\//, '')}`)),
  );
  if (byFile.length > 0) return byFile;
  return snapshot.proxies.filter(
    (proxy) =>
      isLive(proxy) &&
      proxy.proxyNode.pod !== undefined &&
      (proxy.proxyNode.pod === name || `${proxy.proxyNode.pod}.${proxy.proxyNode.namespace ?? ''}` === name),
  );
}

interface Narrowing {
  readonly question: ProxyQuestion;
  readonly candidates: readonly ProxyScope[];
}

/** The source's owner sends; else the destination's owner receives; else whoever is bound to the address; else the only one that intercepts. [] where several could. */
function narrow(snapshot: Snapshot, request: TraceRequest, { question, candidates }: Narrowing): readonly ProxyScope[] {
  const { sourceIp, destination } = question;
  const ownedBy = (ip: string): readonly AddressOwner[] =>
    withoutRepeats(ownersOf(snapshot, ip).filter(({ proxy }) => candidates.includes(proxy)));
  const senders = sourceIp === undefined ? [] : ownedBy(sourceIp).filter(({ proxy }) => takesOutbound(proxy));
  const capture = request.connection.capture;
  if (capture !== 'inbound' && capture !== 'none' && senders.length > 0) return onlyOne(senders);
  if (destination) {
    const receivers = ownedBy(destination.ip);
    const listening = receivers.filter(({ proxy }) => listensAt(proxy, destination));
    if (receivers.length > 0) return onlyOne(listening.length > 0 ? listening : receivers);
    const bound = candidates.filter((proxy) => listensAt(proxy, destination));
    if (bound.length > 0) return bound;
  }
  if (!destination) return candidates;
  const intercepting = candidates.filter(takesOutbound);
  return intercepting.length === 1 && intercepting.every((proxy) => mayCapture(proxy, sourceIp)) ? intercepting : [];
}

/** Whether connections that its clients open come to the proxy. */
export function takesOutbound(proxy: ProxyScope): boolean {
  return isZtunnel(proxy) || hasCapture(proxy, 'outbound');
}

/** Not where the proxy is known to be another pod's, or another node's. */
function mayCapture(proxy: ProxyScope, sourceIp: string | undefined): boolean {
  if (sourceIp === undefined) return true;
  const captured = isZtunnel(proxy) ? servedIps(proxy) : new Set(proxy.proxyNode.ips);
  return captured.size === 0 || captured.has(sourceIp) || sourceIp.startsWith('127.') || sourceIp === '::1';
}

/** Meshes and networks may share addresses: then somebody has to say which one is meant. */
function onlyOne(owners: readonly AddressOwner[]): readonly ProxyScope[] {
  return owners.length === 1 ? owners.map(({ proxy }) => proxy) : [];
}

function notesOnAge(snapshot: Snapshot, proxy: ProxyScope): string[] {
  if (proxy.supersededBy !== undefined)
    return [`the dump of \`${shortProxy(proxy.proxyNode.id)}\` that was named is traced; \`${nameOfDump(proxy.supersededBy)}\` is newer`];
  const older = snapshot.proxies.some(
    (other) => other !== proxy && other.supersededBy !== undefined && other.proxyNode.id === proxy.proxyNode.id,
  );
  return older ? [`the newer dump \`${nameOfDump(proxy.uris[0] ?? proxy.id)}\` of \`${shortProxy(proxy.proxyNode.id)}\` is traced`] : [];
}

/** With its folder: dumps that were taken one after the other may bear one name. */
function nameOfDump(uri: string): string {
  const folder = folderOf(uri);
  return fileNameOf(folder.slice(0, -1)) + uri.slice(Math.max(0, folder.length - 1));
}

/** A client outside the mesh, or one on another node, whose own ztunnel would have sent the connection in a tunnel. */
function notesOnSender(proxy: ProxyScope, sourceIp: string | undefined): string[] {
  if (!proxy.ztunnel || sourceIp === undefined) return [];
  const [workload] = readZtunnel(proxy.ztunnel).workloadsByIp.get(sourceIp) ?? [];
  if (!workload) return [];
  const { namespace, name, kubernetesNode, protocol } = workload;
  if (protocol === 'TCP')
    return [`${sourceIp} is ${namespace}/${name}, which speaks plain TCP: no ztunnel takes the connections that it opens`];
  if (servedIps(proxy).size === 0 || servedIps(proxy).has(sourceIp)) return [];
  return [
    `${sourceIp} is ${namespace}/${name} of node ${kubernetesNode}, whose own proxy would send HBONE: its dump is not open, and the trace begins at \`${shortProxy(proxy.id)}\``,
  ];
}
