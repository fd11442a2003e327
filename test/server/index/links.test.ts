import { describe, expect, test } from 'vitest';
import { dump, linksOf, type } from './linkFixture';

const MANAGER = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';

const filters = (...names: string[]) => names.map((name) => ({ name }));

function listener(name: string, manager: object, state = 'active_state'): object {
  return {
    name,
    [state]: {
      listener: {
        '@type': type('envoy.config.listener.v3.Listener'),
        name,
        filter_chains: [{ filters: [{ name: 'hcm', typed_config: { '@type': type(MANAGER), ...manager } }] }],
      },
    },
  };
}

const routes = (name: string) => ({
  '@type': type('envoy.config.route.v3.RouteConfiguration'),
  name,
  virtual_hosts: [{ name: 'v', domains: ['*'], typed_per_filter_config: { fault: {} } }],
});

const rds = (name: string) => ({ rds: { route_config_name: name, config_source: { ads: {} } } });
const filterOf = (index: number, at = 0) =>
  `/configs/0/dynamic_listeners/${index}/active_state/listener/filter_chains/0/filters/0/typed_config/http_filters/${at}`;
const FAULT = 'virtual_hosts/0/typed_per_filter_config/fault';

describe('filters that a route configuration means', () => {
  test('are those of the connection managers that ask for it by RDS', () => {
    const config = dump({
      Listeners: {
        dynamic_listeners: [
          listener('a', { ...rds('one'), http_filters: filters('fault') }),
          listener('b', { ...rds('two'), http_filters: filters('cors', 'fault') }),
          listener('c', { ...rds('two'), http_filters: filters('fault') }),
        ],
      },
      Routes: { dynamic_route_configs: [{ route_config: routes('one') }, { route_config: routes('two') }] },
    });
    expect(linksOf(config, 'fault')).toEqual([
      `/configs/1/dynamic_route_configs/0/route_config/${FAULT} → ${filterOf(0)}`,
      `/configs/1/dynamic_route_configs/1/route_config/${FAULT} → ${filterOf(1, 1)}, ${filterOf(2)}`,
    ]);
  });

  test('are those of the managers whose scopes lead to it', () => {
    const scopes = { name: 'scopes', scope_key_builder: {}, scoped_rds: { scoped_rds_config_source: { ads: {} } } };
    const scoped = { '@type': type('envoy.config.route.v3.ScopedRouteConfiguration'), name: 's', route_configuration_name: 'one' };
    const config = dump({
      Listeners: {
        dynamic_listeners: [
          listener('a', { ...rds('other'), http_filters: filters('fault') }),
          listener('b', { scoped_routes: scopes, http_filters: filters('fault') }),
        ],
      },
      Routes: { dynamic_route_configs: [{ route_config: routes('one') }] },
      ScopedRoutes: { dynamic_scoped_route_configs: [{ name: 'scopes', scoped_route_configs: [scoped] }] },
    });
    expect(linksOf(config, 'fault')).toEqual([`/configs/1/dynamic_route_configs/0/route_config/${FAULT} → ${filterOf(1)}`]);
  });

  test('are those of the manager that has it inline, for the copy among the static ones', () => {
    const config = dump({
      Listeners: {
        dynamic_listeners: [
          listener('a', { ...rds('one'), http_filters: filters('fault') }),
          listener('b', { route_config: routes('one'), http_filters: filters('fault') }),
        ],
      },
      Routes: { static_route_configs: [{ route_config: routes('one') }], dynamic_route_configs: [{ route_config: routes('one') }] },
    });
    expect(linksOf(config, 'fault').slice(1)).toEqual([
      `/configs/1/static_route_configs/0/route_config/${FAULT} → ${filterOf(1)}`,
      `/configs/1/dynamic_route_configs/0/route_config/${FAULT} → ${filterOf(0)}`,
    ]);
    expect(linksOf(config, 'route_config_name')).toEqual([
      '/configs/0/dynamic_listeners/0/active_state/listener/filter_chains/0/filters/0/typed_config/rds/route_config_name → /configs/1/dynamic_route_configs/0/route_config',
    ]);
  });

  test('are its own in a listener that is still warming', () => {
    const warming = listener('a', { route_config: routes('r'), http_filters: filters('fault') }, 'warming_state');
    const config = dump({
      Listeners: { dynamic_listeners: [warming, listener('b', { http_filters: filters('fault') })] },
    });
    expect(linksOf(config, 'typed_per_filter_config')).toEqual([
      `/configs/0/dynamic_listeners/0/warming_state/listener/filter_chains/0/filters/0/typed_config/route_config/${FAULT} → /configs/0/dynamic_listeners/0/warming_state/listener/filter_chains/0/filters/0/typed_config/http_filters/0`,
    ]);
  });
});

describe('of equal names', () => {
  const cluster = (name: string, more: object = {}) => ({ cluster: { '@type': type('envoy.config.cluster.v3.Cluster'), name, ...more } });
  const tcp = (name: string) => ({
    name: 'tcp',
    typed_config: { '@type': type('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy'), stat_prefix: 's', cluster: name },
  });
  const toCluster = (name: string) => ({
    static_listeners: [
      { listener: { '@type': type('envoy.config.listener.v3.Listener'), name: 'l', filter_chains: [{ filters: [tcp(name)] }] } },
    ],
  });

  test('a static cluster comes before one that CDS brought, and one that is used before one that is warming', () => {
    const both = { dynamic_warming_clusters: [cluster('c')], dynamic_active_clusters: [cluster('c')] };
    const target = (sections: object) =>
      linksOf(dump({ Clusters: sections, Listeners: toCluster('c') }), 'typed_config/cluster')[0]?.split(' → ')[1];
    expect(target(both)).toBe('/configs/0/dynamic_active_clusters/0/cluster');
    expect(target({ ...both, static_clusters: [cluster('c')] })).toBe('/configs/0/static_clusters/0/cluster');
  });

  test('what is warming is found where nothing else has the name', () => {
    const config = dump({ Clusters: { dynamic_warming_clusters: [cluster('late')] }, Listeners: toCluster('late') });
    expect(linksOf(config, 'typed_config/cluster')).toEqual([
      '/configs/1/static_listeners/0/listener/filter_chains/0/filters/0/typed_config/cluster → /configs/0/dynamic_warming_clusters/0/cluster',
    ]);
  });

  test('SDS brings the secret of a reference with a source, and the bootstrap that of one without', () => {
    const secret = { name: 'cert', secret: { '@type': type('envoy.extensions.transport_sockets.tls.v3.Secret'), name: 'cert' } };
    const socket = (reference: object) => ({
      transport_socket: {
        name: 'tls',
        typed_config: {
          '@type': type('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext'),
          common_tls_context: { tls_certificate_sds_secret_configs: [reference] },
        },
      },
    });
    const config = dump({
      Bootstrap: { bootstrap: { static_resources: { secrets: [secret.secret] } } },
      Clusters: {
        static_clusters: [cluster('a', socket({ name: 'cert' })), cluster('b', socket({ name: 'cert', sds_config: { ads: {} } }))],
      },
      Secrets: { static_secrets: [secret], dynamic_active_secrets: [secret] },
    });
    expect(linksOf(config, 'sds_secret').map((line) => line.split(' → ')[1])).toEqual([
      '/configs/2/static_secrets/0/secret',
      '/configs/2/dynamic_active_secrets/0/secret',
    ]);
  });
});

describe('in a connection manager', () => {
  const config = (filter: string, filterConfig: object, perRoute: object) => ({
    static_resources: {
      listeners: [
        {
          name: 'l',
          filter_chains: [
            {
              filters: [
                {
                  name: 'hcm',
                  typed_config: {
                    '@type': type(MANAGER),
                    route_config: { name: 'r', virtual_hosts: [{ name: 'v', domains: ['*'], typed_per_filter_config: { f: perRoute } }] },
                    http_filters: [
                      { name: 'f', typed_config: { '@type': type(`envoy.extensions.filters.http.${filter}`), ...filterConfig } },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
    },
  });
  const at = '/static_resources/listeners/0/filter_chains/0/filters/0/typed_config';
  const per = `${at}/route_config/virtual_hosts/0/typed_per_filter_config/f`;

  test('a route names a Lua source of the filter', () => {
    const lua = config(
      'lua.v3.Lua',
      { source_codes: { 'a.lua': { inline_string: '' } } },
      { '@type': type('envoy.extensions.filters.http.lua.v3.LuaPerRoute'), name: 'a.lua' },
    );
    expect(linksOf(lua, 'a.lua')).toEqual([`${per}/name → ${at}/http_filters/0/typed_config/source_codes/a.lua`]);
  });

  test('a route allows clients whose keys the filter knows', () => {
    const keys = config(
      'api_key_auth.v3.ApiKeyAuth',
      {
        credentials: [
          { key: 'k1', client: 'one' },
          { key: 'k2', client: 'two' },
        ],
      },
      { '@type': type('envoy.extensions.filters.http.api_key_auth.v3.ApiKeyAuthPerRoute'), allowed_clients: ['two', 'three'] },
    );
    expect(linksOf(keys, 'allowed_clients')).toEqual([
      `${per}/allowed_clients/0 → ${at}/http_filters/0/typed_config/credentials/1`,
      `${per}/allowed_clients/1 → missing`,
    ]);
  });

  test('a fault is set by runtime keys', () => {
    const fault = config('fault.v3.HTTPFault', { abort_percent_runtime: 'abort.by', upstream_cluster: 'c' }, {});
    expect(linksOf(fault, 'abort.by')).toEqual([`${at}/http_filters/0/typed_config/abort_percent_runtime → unchecked`]);
  });
});

describe('what only looks alike', () => {
  test('a virtual host of another route configuration is not what VHDS brings', () => {
    const vhds = { name: 'r', vhds: { config_source: { ads: {} } } };
    const config = dump({
      Routes: {
        dynamic_route_configs: [
          { route_config: { ...routes('other'), virtual_hosts: [{ name: 'r', domains: ['*'] }] } },
          { route_config: { '@type': type('envoy.config.route.v3.RouteConfiguration'), ...vhds } },
        ],
      },
    });
    expect(linksOf(config, 'route_config/name')).toEqual(['/configs/0/dynamic_route_configs/1/route_config/name → external']);
  });

  test('a provider of another JWT filter is not meant', () => {
    const jwt = (provider: string, asked: string) => ({
      name: `jwt-${provider}`,
      typed_config: {
        '@type': type('envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication'),
        providers: { [provider]: { issuer: 'i' } },
        rules: [{ match: { prefix: '/' }, requires: { provider_name: asked } }],
      },
    });
    const config = dump({
      Listeners: { dynamic_listeners: [listener('l', { http_filters: [jwt('a', 'a'), jwt('b', 'a'), jwt('a', 'a')] })] },
    });
    const own = (at: number) => `${filterOf(0, at)}/typed_config`;
    expect(linksOf(config, 'provider_name')).toEqual([
      `${own(0)}/rules/0/requires/provider_name → ${own(0)}/providers/a`,
      `${own(1)}/rules/0/requires/provider_name → missing`,
      `${own(2)}/rules/0/requires/provider_name → ${own(2)}/providers/a`,
    ]);
  });

  test('routes of other protocols stand in the section of routes, and are known by their type', () => {
    const thrift = 'envoy.extensions.filters.network.thrift_proxy.v3';
    const proxy = {
      name: 't',
      typed_config: { '@type': type(`${thrift}.ThriftProxy`), trds: { route_config_name: 'r', config_source: { ads: {} } } },
    };
    const config = dump({
      Listeners: {
        static_listeners: [{ listener: { '@type': type('envoy.config.listener.v3.Listener'), filter_chains: [{ filters: [proxy] }] } }],
      },
      Routes: {
        dynamic_route_configs: [
          {
            route_config: {
              '@type': type(`${thrift}.RouteConfiguration`),
              name: 'r',
              routes: [{ match: { method_name: '' }, route: { cluster: 'c' } }],
            },
          },
        ],
      },
    });
    expect(linksOf(config, 'route')).toEqual([
      '/configs/0/static_listeners/0/listener/filter_chains/0/filters/0/typed_config/trds/route_config_name → /configs/1/dynamic_route_configs/0/route_config',
      '/configs/1/dynamic_route_configs/0/route_config/routes/0/route/cluster → unchecked',
    ]);
  });
});
