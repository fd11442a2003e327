/** Reads Envoy's access log as it grows. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';

export interface LogEntry {
  readonly kind: 'listener' | 'http' | 'tcp';
  readonly listener: string;
  readonly connection: number;
  readonly remote: string | null;
  /** What arrived: the client's address, the (restored) destination, and what TLS told. */
  readonly source: string | null;
  readonly local: string | null;
  readonly serverName: string | null;
  readonly peer: string | null;
  readonly tlsVersion: string | null;
  /** Our end of the connection to the host: how the next proxy's entries are found. */
  readonly upstreamLocal: string | null;
  /** The other end: the host, or the proxy on the way to it. */
  readonly upstreamRemote: string | null;
  readonly chain: string | null;
  readonly chainMark: { readonly index: number | null } | null;
  readonly protocol: string | null;
  readonly cluster: string | null;
  readonly host: string | null;
  readonly code: number | null;
  readonly flags: string | null;
  readonly details: string | null;
  readonly termination: string | null;
  readonly downstreamFailure: string | null;
  readonly upstreamFailure: string | null;
  readonly routeName?: string | null;
  readonly routeMark?: RouteMark | null;
  readonly hostMark?: Pick<RouteMark, 'routeConfiguration' | 'virtualHost'> | null;
  readonly virtualCluster?: string | null;
}

/** What instrument.ts wrote on the route. */
export interface RouteMark {
  readonly index: number;
  readonly virtualHost: string;
  readonly routeConfiguration: string;
  readonly action: string;
}

export interface AccessLog {
  /** All entries since the last clear. */
  readonly entries: () => readonly LogEntry[];
  readonly clear: () => void;
  readonly close: () => void;
}

export function openAccessLog(path: string): AccessLog {
  let descriptor: number | undefined;
  let rest = '';
  let entries: LogEntry[] = [];
  const buffer = Buffer.alloc(1 << 16);
  const read = (): void => {
    if (descriptor === undefined && existsSync(path)) descriptor = openSync(path, 'r');
    if (descriptor === undefined) return;
    for (let count = readSync(descriptor, buffer); count > 0; count = readSync(descriptor, buffer))
      rest += buffer.toString('utf8', 0, count);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) entries.push(readEntry(line));
  };
  return {
    entries: () => {
      read();
      return entries;
    },
    clear: () => {
      read();
      entries = [];
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

function readEntry(line: string): LogEntry {
  const entry = JSON.parse(line) as LogEntry;
  return { ...entry, details: entry.details && restoreDetails(entry.details) };
}

/** Those that Envoy makes for a request; all others are constants, which nobody frees. */
const MADE_DETAILS = ['rbac_access_denied_matched_policy[', 'jwt_authn_access_denied{'];

/**
 * Where an own answer is replaced and its details are kept (`preserve_response_code_details` of custom_response), Envoy 1.40 logs them
 * after it has freed them: the allocator has written over their first bytes, the rest is what it was.
 */
export function restoreDetails(details: string): string {
  const torn = 1 + Array.from(details).findLastIndex((letter) => letter < ' ' || letter > '~');
  const whole = torn > 0 && MADE_DETAILS.find((made) => details.slice(torn).startsWith(made.slice(torn)));
  return whole ? whole.slice(0, torn) + details.slice(torn) : details;
}
