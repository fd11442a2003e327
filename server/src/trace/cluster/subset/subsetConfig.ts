/** `lb_subset_config` and the subset policy, as Envoy reads them (source/extensions/load_balancing_policies/subset/subset_lb_config.h). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';

/** Keys and values that a route asks for, of metadata namespace `envoy.lb`. */
export type Criteria = Readonly<Record<string, unknown>>;

export interface SubsetConfig {
  readonly node: ConfigNode;
  readonly fallback: Fallback;
  readonly defaultSubset: Criteria;
  /** In Envoy's order: with `allow_redundant_keys` those with more keys first. */
  readonly selectors: readonly Selector[];
  readonly listAsAny: boolean;
  readonly panicModeAny: boolean;
  readonly allowRedundantKeys: boolean;
  /** `metadata_fallback_policy: FALLBACK_LIST` */
  readonly metadataFallback: boolean;
  /** What weights of localities count for inside a subset. */
  readonly localityWeights: 'ignored' | 'kept' | 'scaled';
}

type Fallback = 'NO_FALLBACK' | 'ANY_ENDPOINT' | 'DEFAULT_SUBSET';

export interface Selector {
  readonly node: ConfigNode;
  /** Sorted. */
  readonly keys: readonly string[];
  readonly fallback: Fallback | 'KEYS_SUBSET' | undefined;
  readonly fallbackKeys: readonly string[];
  /** `single_host_per_subset` */
  readonly isSingle: boolean;
}

export const readSubsetConfig: (node: ConfigNode) => SubsetConfig = memoizeByNode((node) => {
  const allowRedundantKeys = node.bool('allow_redundant_keys') === true;
  return {
    node,
    fallback: node.enumValue('fallback_policy', ['NO_FALLBACK', 'ANY_ENDPOINT', 'DEFAULT_SUBSET']) ?? 'NO_FALLBACK',
    defaultSubset: (node.get('default_subset')?.toValue() ?? {}) as Criteria,
    selectors: readSelectors(node, allowRedundantKeys),
    listAsAny: node.bool('list_as_any') === true,
    panicModeAny: node.bool('panic_mode_any') === true,
    allowRedundantKeys,
    metadataFallback: node.isEnum('metadata_fallback_policy', 'FALLBACK_LIST', 1),
    localityWeights:
      node.bool('locality_weight_aware') !== true ? 'ignored' : node.bool('scale_locality_weight') === true ? 'scaled' : 'kept',
  };
});

/** SubsetLoadBalancer::initSubsetSelectorMap: a fallback is kept with a new leaf only, so keys with which an earlier selector begins lose theirs. */
function readSelectors(node: ConfigNode, longestFirst: boolean): Selector[] {
  const selectors = node.list('subset_selectors').map(readSelector);
  if (longestFirst) selectors.sort((one, other) => other.keys.length - one.keys.length);
  const begun = new Set<string>();
  return selectors.map((selector) => {
    const isBegun = begun.has(selector.keys.join('\0'));
    for (let count = 1; count <= selector.keys.length; count++) begun.add(selector.keys.slice(0, count).join('\0'));
    return isBegun ? { ...selector, fallback: undefined } : selector;
  });
}

function readSelector(node: ConfigNode): Selector {
  const fallback = node.enumValue('fallback_policy', ['NOT_DEFINED', 'NO_FALLBACK', 'ANY_ENDPOINT', 'DEFAULT_SUBSET', 'KEYS_SUBSET']);
  return {
    node,
    keys: [...new Set(strings(node.list('keys')))].sort(),
    fallback: fallback === 'NOT_DEFINED' ? undefined : fallback,
    fallbackKeys: strings(node.list('fallback_keys_subset')),
    isSingle: node.bool('single_host_per_subset') === true,
  };
}

function strings(nodes: readonly ConfigNode[]): string[] {
  return nodes.flatMap((node) => node.asString() ?? []);
}
