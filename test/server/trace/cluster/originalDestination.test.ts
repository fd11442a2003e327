/** ORIGINAL_DST: where the address comes from, in which order, and which port counts (Envoy: source/extensions/clusters/original_dst/original_dst_cluster.cc). */
import { describe, expect, test } from 'vitest';
import { any, filter, filterTrace } from '../httpFilters/filterTrace';
import { ways } from './clusterTrace';

const state = filter('state', 'set_filter_state.v3.Config', {
  on_request_headers: [
    {
      object_key: 'envoy.network.transport_socket.original_dst_address',
      format_string: { text_format_source: { inline_string: '10.1.1.1:81' } },
    },
  ],
});
const data = filter('data', 'set_metadata.v3.Config', {
  metadata: [{ metadata_namespace: 'lab', value: { to: '10.2.2.2:82', list: ['10.5.5.5:85', '10.6.6.6:86'], odd: 'nowhere', n: 1 } }],
});
const byMetadata = (key: string): object => ({ metadata_key: { key: 'lab', path: [{ key }] } });
const HEADER = { use_http_header: true };
const NONE = 'no_endpoint - 1';

/** Where a request goes that was not intercepted. */
function wayOf(config: object, filters: object[] = [], headers: Record<string, string> = {}): string[] {
  return wayBy({ type: 'ORIGINAL_DST', original_dst_lb_config: config }, filters, headers);
}

function wayBy(kind: object, filters: object[], headers: Record<string, string>): string[] {
  const cluster = { name: 'd', lb_policy: 'CLUSTER_PROVIDED', ...kind };
  const routes = [{ match: { prefix: '/' }, route: { cluster: 'd' } }];
  return ways(filterTrace({ filters: filters as never[], clusters: [cluster], routes }, { headers }));
}

describe('the address', () => {
  const header = { 'x-envoy-original-dst-host': '10.3.3.3:83' };
  test.each<[string, object, object[], Record<string, string>, string]>([
    ['is that of filter state before all', { ...HEADER, ...byMetadata('to') }, [state, data], header, 'upstream 10.1.1.1:81 1'],
    ['is that of metadata before the header', { ...HEADER, ...byMetadata('to') }, [data], header, 'upstream 10.2.2.2:82 1'],
    ['is the first of a list', byMetadata('list'), [data], {}, 'upstream 10.5.5.5:85 1'],
    ['is that of the header', HEADER, [], header, 'upstream 10.3.3.3:83 1'],
    [
      'is that of a header of another name',
      { ...HEADER, http_header_name: 'x-to' },
      [],
      { 'x-to': '10.4.4.4:84' },
      'upstream 10.4.4.4:84 1',
    ],
    ['has another port where the cluster says so', { ...HEADER, upstream_port_override: 15008 }, [], header, 'upstream 10.3.3.3:15008 1'],
    ['is not that of a header which nobody asks for', {}, [], header, NONE],
    ['is none where the header is none', HEADER, [], { 'x-envoy-original-dst-host': 'a.test:80' }, NONE],
    ['is not the listener’s own, which nobody restored', {}, [], {}, NONE],
  ])('%s', (...[, config, filters, headers, expected]) => {
    expect(wayOf(config, filters, headers)).toEqual([expected]);
  });
});

describe('beside a cluster_type', () => {
  const header = { 'x-envoy-original-dst-host': '10.3.3.3:83' };
  const by = (fields: object, old: object = HEADER): string[] =>
    wayBy({ cluster_type: { name: 'envoy.cluster.original_dst', ...fields }, original_dst_lb_config: old }, [], header);
  const typed = any('envoy.extensions.clusters.original_dst.v3.OriginalDstCluster', HEADER);

  test('the old settings count for nothing (observed with Envoy 1.40)', () => {
    expect(by({})).toEqual([NONE]);
    expect(by({ typed_config: { ...typed, use_http_header: false } })).toEqual([NONE]);
    expect(by({ typed_config: typed }, { upstream_port_override: 9003 })).toEqual(['upstream 10.3.3.3:83 1']);
  });

  test('the extension’s own do, be they a Struct', () => {
    expect(by({ typed_config: any('google.protobuf.Struct', { value: HEADER }) }, {})).toEqual(['upstream 10.3.3.3:83 1']);
  });
});
