/** Subset load balancing (Envoy: source/extensions/load_balancing_policies/subset/subset_lb.cc). */
import { keepsBack, KEPT_BACK } from '../../../schema/keptBack';
import { addStep, type Hop } from '../../hop';
import { say, words, type Sentence } from '../../record/sentence';
import { chooseHost, type HostChoice } from '../balancing/chooseHost';
import type { HostPool } from '../balancing/hostPool';
import { readSubsetConfig, type Criteria, type Selector, type SubsetConfig } from './subsetConfig';
import { findSubset, fits, narrow, sameKeys } from './subsetMembers';

/** A host of the subset that fits the criteria, or what the fallback policies give. */
export function chooseHostOfSubset(hop: Hop, whole: HostPool, criteria: Criteria | undefined): HostChoice {
  const node = whole.balancing.subset;
  if (!node) {
    noteNoSubsets(hop, whole, criteria);
    return chooseHost(hop, whole);
  }
  const hidden = [node, ...whole.priorities.flat().map(({ metadata }) => metadata)].some((each) => each !== undefined && keepsBack(each));
  if (hidden || Object.values(criteria ?? {}).includes(KEPT_BACK))
    return { kind: 'unknown', missing: words('which subset is meant, and who is in it: the file leaves out, or keeps back, a part') };
  const config = readSubsetConfig(node);
  const pool = weighLocalities(whole, config);
  const list = criteria?.['fallback_list'];
  if (config.metadataFallback && Array.isArray(list) && list.length > 0)
    return chooseWithFallbackList(hop, pool, { config, criteria: criteria ?? {}, list });
  return chooseOnce(hop, pool, config, criteria);
}

/** What the request asks for counts for nothing where the cluster has no subsets. */
function noteNoSubsets(hop: Hop, { cluster }: HostPool, criteria: Criteria | undefined): void {
  if (Object.keys(criteria ?? {}).length === 0) return;
  addStep(hop, {
    stage: 'cluster',
    decision: say`any host may be used, though the request asks for ${describe(criteria ?? {})}`,
    because: say`cluster ${cluster.string('name')} has no subsets (lb_subset_config)`,
    at: cluster,
  });
}

/** PrioritySubsetImpl: in a subset, the whole one included, weights of localities count only where it says so. */
function weighLocalities(pool: HostPool, { localityWeights }: SubsetConfig): HostPool {
  if (localityWeights === 'ignored') return { ...pool, balancing: { ...pool.balancing, localityWeighted: false } };
  return localityWeights === 'scaled' ? { ...pool, originals: pool.priorities } : pool;
}

/** chooseHostIteration: subset, selector's fallback, cluster's fallback, panic_mode_any. */
function chooseOnce(hop: Hop, pool: HostPool, config: SubsetConfig, criteria: Criteria | undefined): HostChoice {
  const wanted = relevantCriteria(config, criteria ?? {});
  const keys = Object.keys(wanted).sort();
  const selector = keys.length === 0 ? undefined : config.selectors.find((each) => sameKeys(each.keys, keys));
  const subset = keys.length === 0 ? undefined : findSubset(pool, config, wanted);
  if (subset) {
    addStep(hop, {
      stage: 'cluster',
      decision: say`the subset ${describe(wanted)} is used`,
      because: say`its selector asks for exactly these keys`,
      at: subset.selector.node,
    });
    return subset.selector.isSingle ? firstHost(subset.pool) : chooseHost(hop, subset.pool);
  }
  const why = selector
    ? say`no host has ${describe(wanted)}`
    : keys.length === 0
      ? say`the route asks for no subset`
      : say`no selector has exactly the keys ${keys}`;
  if (selector?.fallback) return chooseBySelector(hop, pool, { config, selector, wanted, why });
  return chooseByFallback(hop, pool, config, why);
}

/** SingleHostLbSubset: the first host of the first priority that has one, whatever its health. */
function firstHost({ priorities, hosts }: HostPool): HostChoice {
  const priority = priorities.findIndex((each) => each.length > 0);
  const host = priorities[priority]?.[0];
  const why = say`single_host_per_subset: the first host of the subset, whatever its health; ${hosts.source}`;
  if (!host) return { kind: 'none', because: why, at: hosts.node, rejected: [] };
  return { kind: 'host', host, priority, because: why, rejected: [] };
}

/** `allow_redundant_keys`: the selector with the most keys among those that the criteria cover. */
function relevantCriteria(config: SubsetConfig, criteria: Criteria): Criteria {
  const keys = Object.keys(criteria).filter((key) => !(config.metadataFallback && key === 'fallback_list'));
  let wanted = keys;
  if (config.allowRedundantKeys) {
    const covered = config.selectors.filter((selector) => selector.keys.length > 0 && selector.keys.every((key) => keys.includes(key)));
    const best = covered.reduce<Selector | undefined>(
      (most, each) => (!most || each.keys.length > most.keys.length ? each : most),
      undefined,
    );
    if (best) wanted = [...best.keys];
  }
  return Object.fromEntries(wanted.map((key) => [key, criteria[key]]));
}

interface SelectorFallback {
  readonly config: SubsetConfig;
  readonly selector: Selector;
  readonly wanted: Criteria;
  readonly why: Sentence;
}

function chooseBySelector(hop: Hop, pool: HostPool, { config, selector, wanted, why }: SelectorFallback): HostChoice {
  addStep(hop, {
    stage: 'cluster',
    decision: say`the selector's fallback policy ${selector.fallback ?? ''} decides`,
    because: why,
    at: selector.node,
  });
  switch (selector.fallback) {
    case 'ANY_ENDPOINT':
      return chooseHost(hop, pool);
    case 'DEFAULT_SUBSET':
      return chooseHost(
        hop,
        narrow(pool, (host) => fits(host, config.defaultSubset, config.listAsAny)),
      );
    case 'KEYS_SUBSET': {
      const fewer = Object.fromEntries(Object.entries(wanted).filter(([key]) => selector.fallbackKeys.includes(key)));
      // Envoy refuses a keys subset that is not smaller; without this the search would not end.
      if (Object.keys(fewer).length < Object.keys(wanted).length) return chooseOnce(hop, pool, config, fewer);
      return none(config, why);
    }
    case 'NO_FALLBACK':
    case undefined:
      return none(config, why);
  }
}

function chooseByFallback(hop: Hop, pool: HostPool, config: SubsetConfig, why: Sentence): HostChoice {
  if (config.fallback === 'NO_FALLBACK') return none(config, why);
  addStep(hop, { stage: 'cluster', decision: say`the fallback policy ${config.fallback} decides`, because: why, at: config.node });
  const target = config.fallback === 'ANY_ENDPOINT' ? pool : narrow(pool, (host) => fits(host, config.defaultSubset, config.listAsAny));
  const chosen = chooseHost(hop, target);
  if (chosen.kind !== 'none' || !config.panicModeAny || config.fallback === 'ANY_ENDPOINT') return chosen;
  addStep(hop, {
    stage: 'cluster',
    decision: say`all hosts are used`,
    because: say`the default subset gives none, and panic_mode_any is set`,
    at: config.node,
  });
  return chooseHost(hop, pool);
}

function none(config: SubsetConfig, why: Sentence): HostChoice {
  return { kind: 'none', because: say`${why}, and there is no fallback`, at: config.node, rejected: [] };
}

/** `fallback_list`: the criteria with each of its variants in turn, until one gives a host. */
function chooseWithFallbackList(
  hop: Hop,
  pool: HostPool,
  { config, criteria, list }: { config: SubsetConfig; criteria: Criteria; list: readonly unknown[] },
): HostChoice {
  const { fallback_list: _, ...base } = criteria;
  let last: HostChoice = none(config, say`no variant of fallback_list fits`);
  for (const variant of list) {
    last = chooseOnce(hop, pool, config, { ...base, ...(typeof variant === 'object' && variant !== null ? variant : {}) });
    if (last.kind !== 'none') return last;
  }
  return last;
}

function describe(criteria: Criteria): Sentence {
  return say`${Object.entries(criteria).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)}`;
}
