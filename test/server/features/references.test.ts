import { test } from 'vitest';
import { checkReferences } from '../../support/check';

test('a cluster: routes, mirrors and its endpoints', () =>
  checkReferences(
    `static_resources:
  clusters:
  - name: rev<|>iews
    load_assignment: { cluster_name: reviews }
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: t
        typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: ‹|reviews|› }
      - name: u
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          stat_prefix: reviews
          weighted_clusters: { clusters: [{ name: ‹|"reviews"|›, weight: 1 }] }
`.replace('cluster_name: reviews', 'cluster_name: ‹|reviews|›'),
  ));

test('an internal listener: the endpoints that lead into it', () =>
  checkReferences(`static_resources:
  listeners:
  - { name: in<|>ner, internal_listener: {} }
  clusters:
  - name: c
    load_assignment: { cluster_name: c, endpoints: [{ lb_endpoints: [{ endpoint: { address: { envoy_internal_address: { server_listener_name: ‹|inner|› } } } }] }] }
`));

test('a filter chain: the actions of its own listener alone', () =>
  checkReferences(`static_resources:
  listeners:
  - name: a
    filter_chain_matcher:
      on_no_match: { action: { name: web, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: ‹|web|› } } }
    filter_chains: [{ name: we<|>b }]
  - name: b
    filter_chain_matcher:
      on_no_match: { action: { name: web, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: web } } }
    filter_chains: [{ name: web }]
`));

test('a key of endpoint metadata: its own cluster, and the routes to it', () =>
  checkReferences(`static_resources:
  clusters:
  - name: a
    lb_subset_config: { subset_selectors: [{ keys: [‹|ver<|>sion|›] }] }
    load_assignment: { cluster_name: a, endpoints: [{ lb_endpoints: [{ metadata: { filter_metadata: { envoy.lb: { version: v1 } } } }] }] }
  - name: b
    lb_subset_config: { subset_selectors: [{ keys: [version] }] }
    load_assignment: { cluster_name: b, endpoints: [{ lb_endpoints: [{ metadata: { filter_metadata: { envoy.lb: { version: v1 } } } }] }] }
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: t
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          cluster: a
          metadata_match: { filter_metadata: { envoy.lb: { ‹|version|›: v1 } } }
      - name: u
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          cluster: b
          metadata_match: { filter_metadata: { envoy.lb: { version: v1 } } }
`));
