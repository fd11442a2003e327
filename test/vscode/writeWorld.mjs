// A workspace for the suite of features: a YAML bootstrap with a mistake in it, samples of several files, and names that lead from one file to another.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './sample.mjs';

const TCP = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';

/** By hand, as a person writes it; `lb_polcy` is a slip. */
const BOOTSTRAP = `static_resources:
  listeners:
  - name: front
    address: { socket_address: { address: 127.0.0.1, port_value: 10000 } }
    filter_chains:
    - filters:
      - name: envoy.filters.network.tcp_proxy
        typed_config:
          "@type": ${TCP}
          stat_prefix: front
          weighted_clusters:
            clusters:
            - { name: backend, weight: 1 }
            - { name: missing, weight: 1 }
  clusters:
  - name: backend
    type: STATIC
    lb_polcy: RANDOM
    load_assignment:
      cluster_name: backend
      endpoints:
      - lb_endpoints:
        - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 10001 } } }
`;

const MADE_BY = '/apis/networking.istio.io/v1/namespaces/shop/virtual-service/reviews';
const DUMP = {
  configs: [
    {
      '@type': 'type.googleapis.com/envoy.admin.v3.RoutesConfigDump',
      dynamic_route_configs: [
        {
          route_config: {
            '@type': 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
            name: '9080',
            virtual_hosts: [
              {
                name: 'reviews',
                domains: ['*'],
                routes: [
                  {
                    match: { prefix: '/' },
                    route: { cluster: 'outbound|9080||reviews.shop.svc.cluster.local' },
                    metadata: { filter_metadata: { istio: { config: MADE_BY } } },
                  },
                ],
              },
            ],
          },
        },
      ],
    },
  ],
};

/** The folder, to be removed by whoever asked for it. */
export function writeWorld() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'envoy-lens-world-'));
  fs.mkdirSync(path.join(folder, 'hand'));
  fs.writeFileSync(path.join(folder, 'hand/envoy.yaml'), BOOTSTRAP);
  fs.writeFileSync(path.join(folder, 'routes.json'), JSON.stringify(DUMP, undefined, 2));
  fs.cpSync(path.join(root, 'samples/filesystem-xds'), path.join(folder, 'xds'), { recursive: true });
  return folder;
}
