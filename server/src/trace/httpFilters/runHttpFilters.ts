/** The HTTP filters in order, up to the router (Envoy: source/common/http/filter_chain_helper.cc, filter_manager.cc). */
import type { ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import { mayLackEntries } from '../../schema/mayLackEntries';
import type { HttpStream } from '../httpStream';
import { localReply } from '../http/localReply/localReply';
import { freshRoute } from '../http/routeConfiguration/refreshRoute';
import { endRefused, wasLoaded, type Refusal } from '../endRefused';
import { addStep, type Hop, type HopResult } from '../hop';
import { readFilterConfig } from '../network/readFilterConfig';
import { cannotTell, ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { refusalOfExtension } from '../refusedExtension';
import { leaveOpen } from './filterCall';
import { forwardOwnRequest } from './forwardOwnRequest';
import { alwaysPasses, isNeverTerminal, joinUnreached, runFilter } from './filterRegistry';
import { disabledByRoute, hidesSwitch, mayLackRouteConfig } from './perRouteConfig';

const ROUTER = 'envoy.extensions.filters.http.router.v3.Router';

/** Runs the filters of the request's stream. Undefined: the router's turn has come. */
export function runHttpFilters(hop: Hop): HopResult | undefined {
  const { http } = hop;
  if (!http) return undefined;
  // Envoy decides once, by the first route, which filters are there; a later route changes only their configuration.
  const filters = entriesOf(hop, http);
  const refused = findForeign(hop, filters) ?? (isListWhole(http) ? findMisplacedRouter(filters) : undefined);
  if (refused) {
    const { because, at } = refused;
    addStep(hop, { stage: 'http_filter', decision: words('Envoy refuses the HTTP filters'), because, at });
    return endRefused(hop, refused);
  }
  for (const [index, entry] of filters.entries()) {
    if (entry.isRouter) return freshRoute(hop);
    const result = runEntry(hop, http, entry) ?? (http.isSentByFilter === true ? forwardOwnRequest(hop, http) : undefined);
    if (!result) continue;
    // An answer that comes from here passes through the later filters as well.
    if (result.kind === 'ending' && (result.response?.code !== undefined || result.disposition === 'upstream'))
      filters.slice(index + 1).forEach((later) => joinLater(hop, http, later));
    return result;
  }
  return endWithoutRouter(hop, http);
}

/** An answer that stands before any filter has seen the request passes through all of them. */
export function joinAllFilters(hop: Hop, http: HttpStream): void {
  entriesOf(hop, http).forEach((entry) => joinLater(hop, http, entry));
}

function entriesOf(hop: Hop, http: HttpStream): FilterEntry[] {
  return (http.httpFilters ?? http.manager.list('http_filters')).map((filter) => readEntry(hop, http, filter));
}

function isListWhole({ manager, httpFilters }: HttpStream): boolean {
  return httpFilters !== undefined || manager.get('http_filters')?.isIncomplete === false;
}

interface FilterEntry {
  readonly filter: ConfigNode;
  readonly name: string;
  readonly config: ReturnType<typeof readFilterConfig>;
  readonly isRouter: boolean;
  /** The place that turns the filter off. */
  readonly off: ConfigNode | undefined;
}

function readEntry(hop: Hop, http: HttpStream, filter: ConfigNode): FilterEntry {
  const name = filter.string('name');
  const config = readFilterConfig(filter, hop.proxy);
  const isRouter = config.kind === 'config' && config.config.type === ROUTER;
  return { filter, name, config, isRouter, off: offBy(http, filter, name) };
}

function offBy(http: HttpStream, filter: ConfigNode, name: string): ConfigNode | undefined {
  const byRoute = disabledByRoute(http, name);
  if (byRoute) return byRoute.isDisabled ? byRoute.at : undefined;
  return filter.bool('disabled') === true ? (filter.get('disabled') ?? filter) : undefined;
}

/** One that is no HTTP filter; Envoy leaves it out where it is optional. */
function findForeign(hop: Hop, filters: readonly FilterEntry[]): Refusal | undefined {
  for (const { filter, config } of filters) {
    const because = config.kind === 'config' ? refusalOfExtension(hop, config.config.type, 'filters.http') : undefined;
    if (because && filter.bool('is_optional') !== true) return { because, at: filter };
  }
  return undefined;
}

/** The router must be the last filter, and the last filter must be terminal (http/filter_chain_helper.cc validateTerminalFilters). */
function findMisplacedRouter(filters: readonly FilterEntry[]): Refusal | undefined {
  const last = filters.at(-1);
  const router = filters.find(({ isRouter }) => isRouter);
  if (router && router !== last) return { because: say`the router (${router.name}) must be the last HTTP filter`, at: router.filter };
  if (!last || last.isRouter || last.config.kind !== 'config' || !isNeverTerminal(last.config.config.type)) return undefined;
  return {
    because: say`the last HTTP filter must be a terminal one such as the router, and ${last.name} is none`,
    at: last.filter,
    isLack: true,
  };
}

function runEntry(hop: Hop, http: HttpStream, entry: FilterEntry): HopResult | undefined {
  const { filter, name, config, off } = entry;
  const type = config.kind === 'config' ? config.config.type : '';
  if (!alwaysPasses(type) && mayBeSwitched(http, entry))
    return leaveOpen({ hop, http, name, filter, type, config: filter }, words('whether it is off: the file keeps that back, or its name'));
  if (off) {
    addStep(hop, { stage: 'http_filter', decision: say`filter ${name} is off`, because: words('it is disabled here'), at: off });
    return undefined;
  }
  if (config.kind === 'undelivered') return runUndelivered(hop, name, config.at);
  if (config.source === 'default') tellDefault(hop, name, config.config.node);
  return runFilter({ hop, http, name, filter, type: config.config.type, config: config.config.node });
}

/** What the file leaves out may turn the filter off, or on again. */
function mayBeSwitched(http: HttpStream, { filter, name, off }: FilterEntry): boolean {
  if (hidesSwitch(http, name)) return true;
  if (mayLackRouteConfig(http, name)) return off !== undefined;
  return filter.string('disabled') === KEPT_BACK && !disabledByRoute(http, name);
}

function joinLater(hop: Hop, http: HttpStream, { filter, name, config, isRouter, off }: FilterEntry): void {
  if (off || isRouter || config.kind === 'undelivered') return;
  joinUnreached({ hop, http, name, filter, type: config.config.type, config: config.config.node });
}

function tellDefault(hop: Hop, name: string, at: ConfigNode): void {
  addStep(hop, {
    stage: 'http_filter',
    decision: say`filter ${name} runs with its default configuration`,
    because: words('no open file has the one that ECDS delivers'),
    at,
  });
}

/** A whole dump shows what ECDS has delivered: a filter without it answers 500. */
function runUndelivered(hop: Hop, name: string, at: ConfigNode): HopResult {
  const isWhole = hop.proxy.kind === 'dump' && hop.proxy.byName.extension_config.size > 0;
  const because = say`the configuration of filter ${name} comes by ECDS, and no open file has it`;
  addStep(hop, { stage: 'http_filter', decision: say`filter ${name} has no configuration`, because, at });
  return isWhole ? localReply(hop, 'local_reply', { code: 500, flags: ['NFCF'], details: '' }) : cannotTell(because);
}

/** An Envoy without any HTTP filter accepts the request and never answers. */
function endWithoutRouter(hop: Hop, http: HttpStream): HopResult {
  // A proxy with no filter at all never answers: nobody runs one.
  const isBare = http.manager.list('http_filters').length === 0 && wasLoaded(hop);
  if (!http.httpFilters && (isBare || mayLackEntries(http.manager, 'http_filters')))
    return cannotTell(words('the HTTP filters that the file leaves out'));
  addStep(hop, {
    stage: 'http_filter',
    decision: words('nobody answers the request'),
    because: words('there is no router among the HTTP filters'),
    at: http.manager.get('http_filters') ?? http.manager,
  });
  return ending('closed');
}
