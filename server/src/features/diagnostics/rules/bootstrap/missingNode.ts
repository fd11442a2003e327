/** xDS without a node that says who asks (source/common/config/utility.cc checkLocalInfo). Envoy's command line may give it: the message says how. */
import type { ConfigNode } from '../../../../schema/configNode';
import { BOOTSTRAP } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt, warningAt } from '../../problem';
import type { Problem } from '../../rule';
import { isAuthority, isLate, isType, SOURCE } from '../cluster/configSourceCluster';

export const missingNode = refusalRule('missing-node', {
  [BOOTSTRAP]: (bootstrap, { messages }) => {
    const ads = bootstrap.path('dynamic_resources', 'ads_config');
    const sources = messages(SOURCE).filter((source) => !isLate(source) && !isOnDemand(source));
    const isAsked = sources.some((source) => !isDeltaOfAuthority(source)) || (ads && !isType(ads, 'DELTA_GRPC', '3'));
    // A delta stream asks for the node when something is subscribed to.
    return [checkNode(bootstrap, isAsked ? 'now' : ads || sources.length > 0 ? 'later' : 'never')];
  },
});

function isDeltaOfAuthority(source: ConfigNode): boolean {
  const api = source.get('api_config_source');
  return isAuthority(source) && api !== undefined && isType(api, 'AGGREGATED_DELTA_GRPC', '6');
}

/** Clusters on demand by ADS are asked for by requests. */
function isOnDemand(source: ConfigNode): boolean {
  const isInOdcds = source.isField('source') && source.parent?.isField('odcds') === true;
  return source.has('ads') && (source.isField('odcds_config') || isInOdcds);
}

function checkNode(bootstrap: ConfigNode, needed: 'now' | 'later' | 'never'): Problem | undefined {
  const node = bootstrap.get('node');
  const missing = ['id', 'cluster'].filter((name) => !node?.string(name));
  if (needed === 'never' || missing.length === 0 || bootstrap.isIncomplete || node?.isIncomplete) return undefined;
  return (needed === 'now' ? errorAt : warningAt)(
    node ?? bootstrap,
    `For xDS node "id" and "cluster" are required, in "node" or by --service-node and --service-cluster: ${missing.map((name) => `"${name}"`).join(' and ')} missing.`,
  );
}
