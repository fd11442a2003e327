/** What a request or connection asks of its endpoint: values of metadata namespace `envoy.lb`, by which subsets are chosen (`lb_subset_config`). */
import { isJsonObject } from '../../../protocol/jsonValue';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK, lostField } from '../../../schema/keptBack';
import type { Hop } from '../../hop';
import type { Criteria } from './subsetConfig';

const NAMESPACE = 'envoy.lb';

/** `metadata_match` of a route's action, a tcp_proxy or a weighted cluster; a later one wins over those before. */
export function configuredCriteria(...holders: readonly (ConfigNode | undefined)[]): Criteria | undefined {
  return merge(holders.map((holder) => holder && readMatch(holder)));
}

/** A part that the file has lost is one more criterion, which is kept back. */
const readMatch: (holder: ConfigNode) => unknown = memoizeByNode((holder) => {
  const criteria = holder.path('metadata_match', 'filter_metadata')?.entry(NAMESPACE)?.toValue();
  if (lostField(holder, ['metadata_match']) === undefined) return criteria;
  return { ...(isJsonObject(criteria) ? criteria : {}), [NAMESPACE]: KEPT_BACK };
});

/** Dynamic metadata of the connection, and of the request, wins over what is configured (Envoy: source/common/router/router.h, metadataMatchCriteria). */
export function criteriaOf({ connection, http }: Hop, configured: Criteria | undefined): Criteria | undefined {
  return merge([configured, connection.metadata.get(NAMESPACE), http?.metadata.get(NAMESPACE)]);
}

function merge(parts: readonly unknown[]): Criteria | undefined {
  const known = parts.filter(isJsonObject);
  return known.length === 0 ? undefined : (Object.assign({}, ...known) as Criteria);
}
