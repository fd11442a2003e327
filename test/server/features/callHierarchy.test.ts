import { describe, expect, test } from 'vitest';
import { findIncomingCalls, findOutgoingCalls, prepareCallHierarchy } from '../../../server/src/features/callHierarchy';
import { offsetsOf, placeOf, readFixture } from '../../support/fixture';

const TCP = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
const BOOTSTRAP = `static_resources:
  listeners:
  - name: outer
    filter_chains: [{ filters: [{ name: t, typed_config: { "@type": ${TCP}, stat_prefix: t, cluster: tunnel } }] }]
  - name: inner
    internal_listener: {}
    filter_chains: [{ filters: [{ name: t, typed_config: { "@type": ${TCP}, stat_prefix: t, cluster: app } }] }]
  clusters:
  - name: tunnel
    load_assignment: { cluster_name: tunnel, endpoints: [{ lb_endpoints: [{ endpoint: { address: { envoy_internal_address: { server_listener_name: inner } } } }] }] }
  - name: app
`;

function calls(source: string): { item: string; incoming: string[]; outgoing: string[] }[] {
  const fixture = readFixture(source);
  const place = placeOf(fixture);
  return prepareCallHierarchy(place).map((item) => ({
    item: item.name,
    incoming: findIncomingCalls(place.snapshot, item).map(
      ({ from, fromRanges }) => `${from.name} at ${fromRanges.map((range) => offsetsOf(fixture, from.uri, range).text).join()}`,
    ),
    outgoing: findOutgoingCalls(place.snapshot, item).map(({ to }) => to.name),
  }));
}

describe('who can reach it, where it can go', () => {
  test('a cluster: its listener, the internal listener behind it', () =>
    expect(calls(BOOTSTRAP.replace('name: tunnel', 'name: tun<|>nel'))).toEqual([
      { item: 'tunnel', incoming: ['outer at tunnel'], outgoing: ['inner'] },
    ]));
  test('an internal listener: the cluster that leads into it', () =>
    expect(calls(BOOTSTRAP.replace('name: inner', 'name: in<|>ner'))).toEqual([
      { item: 'inner', incoming: ['tunnel at inner'], outgoing: ['app'] },
    ]));
  test('asked for on a use: the resource used', () =>
    expect(calls(BOOTSTRAP.replace('cluster: app', 'cluster: a<|>pp'))).toEqual([
      { item: 'app', incoming: ['inner at app'], outgoing: [] },
    ]));
  test('outside of resources: nothing', () => expect(calls('hello: w<|>orld')).toEqual([]));
});
