/** Sources of xDS that Envoy cannot use (source/common/config/subscription_factory_impl.cc, utility.cc). What LDS comes from is looked at only when Envoy runs. */
import type { ConfigNode } from '../../../../schema/configNode';
import { BOOTSTRAP } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { clusterKindOf } from './clusterKind';
import { checkEarlyAds } from './earlyAds';

export const SOURCE = 'envoy.config.core.v3.ConfigSource';

export const configSourceCluster = refusalRule('config-source-cluster', {
  [SOURCE]: (source) => (isLate(source) ? [] : [checkSpecifier(source), ...checkApi(source)]),
  'envoy.config.route.v3.Vhds': (vhds, { messages }) => [checkVhds(vhds, messages(BOOTSTRAP)[0])],
  [BOOTSTRAP]: (bootstrap, { messages }) => {
    const ads = bootstrap.path('dynamic_resources', 'ads_config');
    const sources = messages(SOURCE).filter((source) => !isLate(source));
    const names = staticClusters(bootstrap);
    return [
      ...checkEarlyAds(bootstrap, sources),
      ads && checkAds(ads),
      ...(ads && names ? checkClusters(ads, names) : []),
      ...sources.flatMap((source) => {
        const api = isSecretSource(source) ? undefined : source.get('api_config_source');
        return api && names
          ? checkClusters(api, names).map((problem) => (isType(api, 'DELTA_GRPC', '3') ? lateProblem(problem) : problem))
          : [];
      }),
    ];
  },
});

/** Envoy takes these sources up after it has read its configuration, or never: routes of inline scopes that have theirs with them. */
export function isLate(source: ConfigNode): boolean {
  if (source.isField('lds_config', 'leds_config', 'lrs_server')) return true;
  return source.isField('rds_config_source') && source.parent?.has('scoped_rds') === false;
}

/** router/vhds.cc: virtual hosts come one by one, in delta streams. */
function checkVhds(vhds: ConfigNode, bootstrap: ConfigNode | undefined): Problem | undefined {
  const source = vhds.get('config_source');
  if (!source || source.isIncomplete) return undefined;
  if (source.has('ads'))
    return bootstrap && !bootstrap.isIncomplete ? checkAdsOfVhds(source, bootstrap.path('dynamic_resources', 'ads_config')) : undefined;
  const api = source.get('api_config_source');
  return api?.isIncomplete || (api && isType(api, 'DELTA_GRPC', '3'))
    ? undefined
    : errorAt(api?.get('api_type') ?? source, 'VHDS only supports DELTA_GRPC or ADS as its source.');
}

function checkAdsOfVhds(source: ConfigNode, ads: ConfigNode | undefined): Problem | undefined {
  if (!ads) return errorAt(source, 'VHDS has ADS as its source, and the bootstrap has no "ads_config".');
  return ads.isIncomplete || isType(ads, 'DELTA_GRPC', '3')
    ? undefined
    : errorAt(source, 'VHDS has ADS as its source, and ADS is not DELTA_GRPC, as VHDS needs it.', {
        related: [{ message: 'The type of ADS', at: ads.get('api_type') ?? ads }],
      });
}

/** Authorities of xdstp names have aggregated streams of their own (bootstrap-settings). */
export function isAuthority(source: ConfigNode): boolean {
  const holder = source.parent?.isArray ? source.parent : source;
  return holder.isField('config_sources', 'default_config_source');
}

/** Secrets may come from a cluster that comes later. */
function isSecretSource(source: ConfigNode): boolean {
  return source.isField('sds_config');
}

function checkSpecifier(source: ConfigNode): Problem | undefined {
  const [self, path] = [source.get('self'), source.get('path')];
  const watched = source.path('path_config_source', 'watched_directory');
  // subscription_factory_impl.cc
  if (watched && source.path('path_config_source', 'poll_interval'))
    return errorAt(watched, 'Only one of "poll_interval" and "watched_directory" can be set.');
  if (path?.asString() === '') return errorAt(path, 'The path of the source is empty: it must refer to an existing file.');
  return self && errorAt(self, 'The source is missing: "self" is none here.');
}

export const isType = (api: ConfigNode, ...types: readonly string[]): boolean => types.includes(api.enumName('api_type').toUpperCase());

function checkApi(source: ConfigNode): (Problem | undefined)[] {
  const api = source.get('api_config_source');
  if (!api || api.isIncomplete) return [];
  if (isAuthority(source)) return [];
  if (isType(api, 'AGGREGATED_GRPC', 'AGGREGATED_DELTA_GRPC', '5', '6'))
    return [errorAt(api.get('api_type') ?? api, 'An aggregated stream is only for "ads_config": write "ads: {}" here.')];
  const delay = isType(api, 'REST', '1') && !api.has('refresh_delay') ? errorAt(api, 'REST needs a "refresh_delay".') : undefined;
  return [checkServices(api), delay];
}

function checkAds(ads: ConfigNode): Problem | undefined {
  if (ads.isIncomplete || isType(ads, '')) return undefined;
  return isType(ads, 'GRPC', 'DELTA_GRPC', '2', '3')
    ? checkServices(ads)
    : errorAt(ads.get('api_type') ?? ads, 'The type of "ads_config" must be GRPC or DELTA_GRPC.');
}

/** gRPC has one service and no cluster names, REST one cluster name and no services. */
function checkServices(api: ConfigNode): Problem | undefined {
  const names = api.list('cluster_names');
  const services = api.list('grpc_services');
  const [name, secondName] = names;
  const [service, secondService] = services;
  if (!name && !service) return errorAt(api, 'Neither a gRPC service nor a cluster name is defined.');
  if (isType(api, 'GRPC', 'DELTA_GRPC', '2', '3')) {
    if (name) return errorAt(api.get('cluster_names') ?? name, 'A gRPC source must not have a cluster name: it has "grpc_services".');
    return secondService && errorAt(secondService, 'A gRPC source has no more than one service.');
  }
  if (!isType(api, 'REST', '1')) return undefined;
  if (service) return errorAt(api.get('grpc_services') ?? service, 'A REST source must not have a gRPC service: it has "cluster_names".');
  return secondName && errorAt(secondName, 'A REST source has a single cluster name.');
}

/** Names of the clusters that may deliver static resources: static ones that are no EDS clusters themselves. */
function staticClusters(bootstrap: ConfigNode): ReadonlySet<string> | undefined {
  const statics = bootstrap.get('static_resources');
  if (bootstrap.isIncomplete || statics?.isIncomplete || statics?.get('clusters')?.isIncomplete) return undefined;
  const clusters = statics?.list('clusters') ?? [];
  return new Set(clusters.filter((cluster) => clusterKindOf(cluster) !== 'EDS').map((cluster) => cluster.string('name')));
}

/** Envoy looks for the cluster of a delta stream only when it opens the stream (utility.cc checks GRPC and REST; observed with Envoy 1.40). */
function lateProblem(problem: Problem): Problem {
  return { ...problem, severity: 'warning' };
}

function checkClusters(api: ConfigNode, usable: ReadonlySet<string>): Problem[] {
  const services = api.list('grpc_services').flatMap((service) => service.path('envoy_grpc', 'cluster_name') ?? []);
  return [...services, ...api.list('cluster_names')].flatMap((name) => {
    const text = name.asString() ?? '';
    return text !== '' && !usable.has(text)
      ? [errorAt(name, `The config source must name a statically defined cluster that is no EDS cluster: "${text}" is none.`)]
      : [];
  });
}
