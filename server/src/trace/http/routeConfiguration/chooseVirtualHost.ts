/** Which virtual host serves a host name (Envoy: RouteMatcher::findVirtualHost of source/common/router/config_impl.cc). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { headerValues, type HttpRequest } from '../../facts/httpRequest';
import type { Rejected, RejectedList } from '../../record/hopRecord';
import { lazyRejected } from '../../record/rejectedList';
import { say, words, type Sentence } from '../../record/sentence';
import { portStart } from '../hostPort';
import { nearestDomains, type NearHost } from './nearestDomains';

export type VirtualHostChoice =
  | {
      readonly kind: 'found';
      readonly isExact: boolean;
      readonly virtualHost: ConfigNode;
      readonly domain: ConfigNode;
      readonly because: Sentence;
      readonly rejected: RejectedList;
    }
  | { readonly kind: 'none'; readonly because: Sentence; readonly rejected?: RejectedList };

/** Exact domain, then the longest `*suffix`, then the longest `prefix*`, then `*`. The choice is final. */
export function chooseVirtualHost(routeConfiguration: ConfigNode, request: HttpRequest): VirtualHostChoice {
  const table = readDomains(routeConfiguration);
  if (table.isOnlyDefault) return table.any ? found(table.any, say`its domain ${'*'} takes every host`, []) : noDomain();
  const host = hostToMatch(routeConfiguration, request);
  if (host === undefined) return { kind: 'none', because: say`the request has no header ${routeConfiguration.string('vhost_header')}` };
  const fitting = fittingDomains(table, host);
  const [first, ...others] = fitting;
  if (!first) return { kind: 'none', because: whyNone(table, host), rejected: everyHost(routeConfiguration, host) };
  return found(first, say`its domain ${first.text} ${words(reasonOf(first))} host ${host}`, others);
}

interface Domain {
  readonly text: string;
  readonly kind: 'exact' | 'suffix' | 'prefix' | 'any';
  readonly node: ConfigNode;
  readonly virtualHost: ConfigNode;
}

interface DomainTable {
  readonly exact: ReadonlyMap<string, Domain>;
  /** By length of the fixed part, longest first. */
  readonly suffixes: readonly (readonly [number, ReadonlyMap<string, Domain>])[];
  readonly prefixes: readonly (readonly [number, ReadonlyMap<string, Domain>])[];
  readonly any: Domain | undefined;
  readonly isOnlyDefault: boolean;
}

function noDomain(): VirtualHostChoice {
  return { kind: 'none', because: words('there is no virtual host') };
}

function found(domain: Domain, because: Sentence, others: readonly Domain[]): VirtualHostChoice {
  const losers = others.filter(({ virtualHost }) => !virtualHost.sameAs(domain.virtualHost));
  const rejected = lazyRejected(losers.length, () => losers.map((loser) => lose(loser, domain)));
  return { kind: 'found', isExact: domain.kind === 'exact', virtualHost: domain.virtualHost, domain: domain.node, because, rejected };
}

/** A port that the client wrote is the usual reason: domains are compared with it (config_impl.cc findVirtualHost, ignore_port_in_host_matching). */
function whyNone(table: DomainTable, host: string): Sentence {
  const start = portStart(host);
  const [near] = start < 0 ? [] : fittingDomains(table, host.slice(0, start));
  if (!near) return say`no virtual host has a domain for ${host}`;
  return say`no virtual host has a domain for ${host}; without the port, ${near.text} of virtual host ${near.virtualHost.string('name')} would fit`;
}

const MAX_DOMAINS = 3;

function everyHost(routeConfiguration: ConfigNode, host: string): RejectedList {
  const virtualHosts = routeConfiguration.list('virtual_hosts');
  return lazyRejected(virtualHosts.length, () => nearestDomains(virtualHosts, host).map((near) => missHost(near, host)));
}

function missHost({ virtualHost, domains }: NearHost, host: string): Rejected {
  const more = domains.length > MAX_DOMAINS ? words(` and ${domains.length - MAX_DOMAINS} more`) : words('');
  return {
    candidate: say`virtual host ${virtualHost.string('name')}`,
    because: say`host is ${host}, must fit ${domains.slice(0, MAX_DOMAINS)}${more}`,
    at: virtualHost.get('domains') ?? virtualHost,
  };
}

function lose(loser: Domain, winner: Domain): Rejected {
  return {
    candidate: say`virtual host ${loser.virtualHost.string('name')}`,
    because: say`its domain ${loser.text} fits too, ${winner.text} ${words(whyNearer(loser, winner))}`,
    at: loser.node,
  };
}

/** By kind before length (findVirtualHost): a suffix of few characters still comes before the longest prefix. */
function whyNearer(loser: Domain, winner: Domain): string {
  if (loser.kind === 'any') return 'is nearer';
  if (winner.kind === loser.kind) return 'is longer';
  return winner.kind === 'exact' ? 'is the host itself' : 'comes first: a star at the beginning is tried before one at the end';
}

function reasonOf({ kind }: Domain): string {
  switch (kind) {
    case 'exact':
      return 'is';
    case 'suffix':
      return 'is the longest suffix of';
    case 'prefix':
      return 'is the longest prefix of';
    case 'any':
      return 'takes what nothing else takes, also';
  }
}

/** The value that is compared: `vhost_header`, else the authority; without port where it is ignored; in lower case. */
function hostToMatch(routeConfiguration: ConfigNode, request: HttpRequest): string | undefined {
  const header = routeConfiguration.string('vhost_header');
  const value = header === '' ? request.authority : headerValues(request, header)[0];
  if (value === undefined) return undefined;
  const start = routeConfiguration.bool('ignore_port_in_host_matching') === true ? portStart(value) : -1;
  return (start < 0 ? value : value.slice(0, start)).toLowerCase();
}

/** Every domain that fits, best first. */
function fittingDomains(table: DomainTable, host: string): Domain[] {
  const fitting: Domain[] = [];
  const exact = table.exact.get(host);
  if (exact) fitting.push(exact);
  for (const [length, domains] of table.suffixes) {
    // The star takes at least one character.
    const domain = length < host.length ? domains.get(host.slice(host.length - length)) : undefined;
    if (domain) fitting.push(domain);
  }
  for (const [length, domains] of table.prefixes) {
    const domain = length < host.length ? domains.get(host.slice(0, length)) : undefined;
    if (domain) fitting.push(domain);
  }
  if (table.any) fitting.push(table.any);
  return fitting;
}

/** Built once per route configuration. Of a domain given twice (which Envoy refuses) the first counts. */
const readDomains: (routeConfiguration: ConfigNode) => DomainTable = memoizeByNode((routeConfiguration) => {
  const exact = new Map<string, Domain>();
  const suffixes = new Map<number, Map<string, Domain>>();
  const prefixes = new Map<number, Map<string, Domain>>();
  let any: Domain | undefined;
  for (const virtualHost of routeConfiguration.list('virtual_hosts'))
    for (const node of virtualHost.list('domains')) {
      const text = (node.asString() ?? '').toLowerCase();
      if (text === '*') any ??= { text, kind: 'any', node, virtualHost };
      else if (text.startsWith('*')) addByLength(suffixes, text.slice(1), { text, kind: 'suffix', node, virtualHost });
      else if (text.endsWith('*')) addByLength(prefixes, text.slice(0, -1), { text, kind: 'prefix', node, virtualHost });
      else if (!exact.has(text)) exact.set(text, { text, kind: 'exact', node, virtualHost });
    }
  const isOnlyDefault = exact.size + suffixes.size + prefixes.size === 0;
  return { exact, suffixes: longestFirst(suffixes), prefixes: longestFirst(prefixes), any, isOnlyDefault };
});

function addByLength(table: Map<number, Map<string, Domain>>, fixed: string, domain: Domain): void {
  const domains = table.get(fixed.length) ?? new Map<string, Domain>();
  if (!domains.has(fixed)) domains.set(fixed, domain);
  table.set(fixed.length, domains);
}

function longestFirst(table: Map<number, Map<string, Domain>>): (readonly [number, Map<string, Domain>])[] {
  return [...table].sort(([one], [other]) => other - one);
}
