/** Is the on_demand filter among the manager's filters? Only with it Envoy fetches virtual hosts and clusters when a request asks for them. */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';

export const hasOnDemand: (manager: ConfigNode) => boolean = memoizeByNode((manager) =>
  manager.list('http_filters').some((filter) => filter.typed()?.type === 'envoy.extensions.filters.http.on_demand.v3.OnDemand'),
);
