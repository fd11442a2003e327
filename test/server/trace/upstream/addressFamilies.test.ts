/** Connections of IPv4 and IPv6 between proxies: a capturing listener takes those of its sockets' families. */
import { expect, test } from 'vitest';
import type { TracePath } from '../../../../server/src/protocol/trace';
import { onlyPath, tcp, traceOf } from '../support/traceOf';

const SENDER = `
node: { id: 'router~10.0.0.1~gateway.a~a.svc.cluster.local' }
static_resources:
  listeners:
    - name: in
      address: { socket_address: { address: 0.0.0.0, port_value: 80 } }
      filter_chains:
        - filters:
            - name: tcp
              typed_config: { '@type': type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: pod }
  clusters:
    - name: pod
      load_assignment:
        cluster_name: pod
        endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: ENDPOINT, port_value: 9080 } } } }] }]
`;

const POD = `
node: { id: 'sidecar~10.0.0.2~pod.a~a.svc.cluster.local', metadata: { INSTANCE_IPS: '10.0.0.2,fd00::2' } }
static_resources:
  listeners:
    - name: virtualInbound
      traffic_direction: INBOUND
      use_original_dst: true
      address: { socket_address: ADDRESS }
      filter_chains:
        - filters:
            - name: tcp
              typed_config: { '@type': type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: app }
  clusters:
    - { name: app, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED }
`;

const IPV4 = '{ address: 0.0.0.0, port_value: 15006 }';
const IPV6 = "{ address: '::', port_value: 15006 }";
const BOTH = "{ address: '::', port_value: 15006, ipv4_compat: true }";

function pathTo(endpoint: string, address: string, more = ''): TracePath {
  const pod = POD.replace('ADDRESS }', `${address} }${more}`);
  const files = { '/w/gateway.yaml': SENDER.replace('ENDPOINT', `'${endpoint}'`), '/w/pod.yaml': pod };
  return onlyPath(traceOf(files, tcp('10.0.0.1:80', { start: { proxy: 'router~10.0.0.1~gateway.a~a.svc.cluster.local' } })));
}

test.each([
  ['10.0.0.2', IPV4, true],
  ['10.0.0.2', IPV6, false],
  ['10.0.0.2', BOTH, true],
  ['fd00::2', IPV4, false],
  ['fd00::2', IPV6, true],
  ['fd00::2', BOTH, true],
])('a connection to %s is captured by a listener at %s: %s', (endpoint, address, isCaptured) => {
  const { disposition, hops } = pathTo(endpoint, address);
  expect([disposition, ...hops.map(({ listener }) => listener)]).toEqual(['upstream', 'in', ...(isCaptured ? ['virtualInbound'] : [])]);
});

test('an additional address takes the other family', () => {
  const more = `\n      additional_addresses: [{ address: { socket_address: ${IPV6} } }]`;
  expect(pathTo('fd00::2', IPV4, more).hops.at(-1)).toMatchObject({ listener: 'virtualInbound', endpoint: { address: '[fd00::2]:9080' } });
});

test('how a first connection came the request says', () => {
  const path = onlyPath(traceOf(POD.replace('ADDRESS', IPV4), tcp('[fd00::2]:9080', { capture: 'inbound' })));
  expect(path.hops[0]?.listener).toBe('virtualInbound');
});

test('addresses that the file leaves out may take the other family', () => {
  const socket = { socket_address: { address: '0.0.0.0', port_value: 15006 } };
  const listener = { name: 'virtualInbound', traffic_direction: 'INBOUND', use_original_dst: true, address: socket };
  const node = { id: 'sidecar~10.0.0.2~pod.a~a.svc.cluster.local', metadata: { INSTANCE_IPS: '10.0.0.2,fd00::2' } };
  const whole = JSON.stringify({ node, static_resources: { listeners: [{ ...listener, additional_addresses: 'cut' }] } });
  const files = { '/w/gateway.yaml': SENDER.replace('ENDPOINT', "'fd00::2'"), '/w/pod.json': whole.replace('"cut"', '[...]') };
  const path = onlyPath(traceOf(files, tcp('10.0.0.1:80', { start: { proxy: 'router~10.0.0.1~gateway.a~a.svc.cluster.local' } })));
  expect(path.disposition).toBe('insufficient_info');
  expect(path.missing?.[0]).toMatch(/the file leaves out the address of listener `virtualInbound`$/);
});
