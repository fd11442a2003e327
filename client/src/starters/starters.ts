/** What a new YAML file may begin with: offered while nothing tells yet whose file it will be, and the server does not run. */

export interface Starter {
  readonly label: string;
  /** In VS Code's snippet syntax. */
  readonly snippet: string;
  readonly kind: 'key' | 'whole';
}

/** A listener with one filter, and a cluster. */
const proxyWith = (filter: string): string => `static_resources:
  listeners:
  - name: \${1:ingress}
    address:
      socket_address: { address: 0.0.0.0, port_value: \${2:10000} }
    filter_chains:
    - filters:
${filter}  clusters:
  - name: \${3:service}
    type: STRICT_DNS
    load_assignment:
      cluster_name: \${3:service}
      endpoints:
      - lb_endpoints:
        - endpoint:
            address:
              socket_address: { address: \${4:127.0.0.1}, port_value: \${5:8080} }
$0`;

const HTTP_PROXY = proxyWith(`      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: \${1:ingress}
          route_config:
            name: \${1:ingress}
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: { prefix: / }
                route: { cluster: \${3:service} }
          http_filters:
          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
`);

const TCP_PROXY = proxyWith(`      - name: envoy.filters.network.tcp_proxy
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          stat_prefix: \${1:ingress}
          cluster: \${3:service}
`);

const STARTERS: readonly Starter[] = [
  { label: 'static_resources', snippet: 'static_resources:\n  $0', kind: 'key' },
  { label: 'dynamic_resources', snippet: 'dynamic_resources:\n  $0', kind: 'key' },
  { label: 'envoy-http-proxy', snippet: HTTP_PROXY, kind: 'whole' },
  { label: 'envoy-tcp-proxy', snippet: TCP_PROXY, kind: 'whole' },
];

/** Less of a word could be the beginning of anybody's file. */
const MIN_WORD = 2;

export interface OfferedStarter extends Starter {
  /** The word is too short yet. */
  readonly isEarly: boolean;
}

/**
 * `before`: the text up to the cursor, `after`: the rest. [] as soon as the file has anything but comments and the beginning of one of the
 * labels, so that nothing shows up in files of others.
 */
export function startersFor(before: string, after: string): readonly OfferedStarter[] {
  const word = /^(?:\s|#[^\n]*\n|---[ \t]*\n)*([\w-]*)$/.exec(before)?.[1];
  if (word === undefined || !/^(?:\s|#[^\n]*(?:\n|$))*$/.test(after)) return [];
  const isEarly = word !== '' && word.length < MIN_WORD;
  return STARTERS.filter(({ label }) => label.startsWith(word)).map((starter) => ({ ...starter, isEarly }));
}
