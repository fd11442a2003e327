/** The DNS resolver of a bootstrap: `--mode validate` makes it only for DNS caches that have none of their own (observed with Envoy 1.40). */
import { ConfigNode } from '../../schema/configNode';
import { nodesUnderKeys } from './nodesUnderKeys';

/** Whether nothing in the document needs the bootstrap's resolver while it loads. */
export function isBootstrapResolverUnused({ tree }: ConfigNode): boolean {
  return nodesUnderKeys(tree, ['dns_cache_config', 'dnsCacheConfig']).every((id) =>
    new ConfigNode(tree, id).has('typed_dns_resolver_config'),
  );
}
