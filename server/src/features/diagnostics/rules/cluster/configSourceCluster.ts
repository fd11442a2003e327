/** A static resource may only be delivered by a static cluster that is no EDS cluster itself (source/common/config/utility.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { BOOTSTRAP, HTTP_CONNECTION_MANAGER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { clusterKindOf } from './clusterKind';

export const configSourceCluster = refusalRule('config-source-cluster', {
  [BOOTSTRAP]: (bootstrap, { messages }) => {
    const statics = bootstrap.get('static_resources');
    const clusters = statics?.list('clusters') ?? [];
    if (bootstrap.isIncomplete || statics?.isIncomplete || statics?.get('clusters')?.isIncomplete) return [];
    const usable = new Set(clusters.filter((cluster) => clusterKindOf(cluster) !== 'EDS').map((cluster) => cluster.string('name')));
    const sources = [
      bootstrap.path('dynamic_resources', 'ads_config'),
      ...clusters.map((cluster) => cluster.path('eds_cluster_config', 'eds_config', 'api_config_source')),
      ...messages(HTTP_CONNECTION_MANAGER).map((manager) => manager.path('rds', 'config_source', 'api_config_source')),
    ];
    return sources.flatMap((source) => (source ? checkSource(source, usable) : []));
  },
});

function checkSource(source: ConfigNode, usable: ReadonlySet<string>): Problem[] {
  return source.list('grpc_services').flatMap((service) => {
    const name = service.path('envoy_grpc', 'cluster_name');
    const text = name?.asString() ?? '';
    return name && text !== '' && !usable.has(text)
      ? [errorAt(name, `The config source must name a statically defined cluster that is no EDS cluster: "${text}" is none.`)]
      : [];
  });
}
