/** Follows one request through the access logs of all proxies of a mesh. */
import type { AccessLog, LogEntry } from '../accessLog';
import type { ListenerFacts } from '../listenerFacts';
import { internalListener, type HopEntries } from '../observeHop';

export interface WatchedProxy {
  readonly nodeId: string;
  /** As logs write them before a port. */
  readonly ips: readonly string[];
  readonly log: AccessLog;
  readonly facts: ReadonlyMap<string, ListenerFacts>;
}

export interface PathHop extends HopEntries {
  readonly proxy: WatchedProxy;
}

/** From the client's connection, as long as some log has the next one. */
export function followPath(proxies: readonly WatchedProxy[], clientPort: number): PathHop[] {
  const used = new Set<LogEntry>();
  const hops: PathHop[] = [];
  let wanted = find(proxies, used, ({ remote }) => remote?.endsWith(`:${clientPort}`) === true);
  while (wanted) {
    const { entry, proxy } = wanted;
    used.add(entry);
    const own = proxy.log.entries().filter(({ connection }) => connection === entry.connection);
    const hop: PathHop = {
      proxy,
      listener: entry,
      http: own.find(({ kind }) => kind === 'http'),
      tcp: own.find(({ kind }) => kind === 'tcp'),
    };
    hops.push(hop);
    wanted = findNext(proxies, used, hop);
  }
  return hops;
}

type Found = { readonly entry: LogEntry; readonly proxy: WatchedProxy } | undefined;

function findNext(proxies: readonly WatchedProxy[], used: ReadonlySet<LogEntry>, hop: PathHop): Found {
  const next = internalListener(hop);
  if (next !== undefined) return find([hop.proxy], used, ({ listener }) => listener === next);
  const entry = hop.http ?? hop.tcp;
  if (entry?.upstreamLocal) return find(proxies, used, ({ remote }) => remote === entry.upstreamLocal);
  // Of a connection that failed early Envoy does not say its own end; one request is under way at a time.
  if (!entry?.host) return undefined;
  const own = [hop.proxy.ips[0], hop.proxy.ips.at(-1)];
  return find(proxies, used, ({ remote }) => own.some((ip) => remote?.startsWith(`${ip ?? ''}:`) === true));
}

function find(proxies: readonly WatchedProxy[], used: ReadonlySet<LogEntry>, fits: (entry: LogEntry) => boolean): Found {
  for (const proxy of proxies) {
    const entry = proxy.log.entries().find((each) => each.kind === 'listener' && !used.has(each) && fits(each));
    if (entry) return { entry, proxy };
  }
  return undefined;
}
