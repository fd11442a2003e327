/** What is passed along and has no resource of its own: headers, metadata, filter state. */
import { describe, expect, test } from 'vitest';
import { collectLinks } from '../../../server/src/cli/linksCommand';
import { findHighlights } from '../../../server/src/features/references';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';

function linksOf(config: unknown, word: string): string[] {
  return collectLinks(buildSnapshot([{ uri: 'file:///dump.json', text: JSON.stringify(config) }]))
    .filter(({ from }) => from.pointer.includes(word))
    .map(({ from, to, status }) => `${from.pointer} → ${to.map(({ pointer }) => pointer).join(', ') || status}`);
}

const type = (name: string) => `type.googleapis.com/${name}`;
const MANAGER = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';

describe('metadata and headers', () => {
  const set = (metadata_namespace: string) => ({
    name: 'h2m',
    typed_config: {
      '@type': type('envoy.extensions.filters.http.header_to_metadata.v3.Config'),
      request_rules: [{ header: 'X-Version', on_header_present: { metadata_namespace, key: 'version' } }],
    },
  });
  const manager = {
    '@type': type(MANAGER),
    http_filters: [set('a'), set('b')],
    route_config: {
      name: 'r',
      request_headers_to_add: [{ header: { key: 'x-version', value: '1' } }],
      virtual_hosts: [
        {
          name: 'v',
          domains: ['*'],
          routes: [
            { match: { prefix: '/', dynamic_metadata: [{ filter: 'b', path: [{ key: 'version' }], value: { present_match: true } }] } },
          ],
        },
      ],
    },
  };
  const config = { static_resources: { listeners: [{ name: 'l', filter_chains: [{ filters: [{ name: 'h', typed_config: manager }] }] }] } };
  const at = '/static_resources/listeners/0/filter_chains/0/filters/0/typed_config';

  test('a key of metadata is set in its own namespace', () => {
    expect(linksOf(config, 'dynamic_metadata')).toEqual([
      `${at}/route_config/virtual_hosts/0/routes/0/match/dynamic_metadata/0/path/0/key → ${at}/http_filters/1/typed_config/request_rules/0/on_header_present`,
    ]);
  });

  test('a header is the same in any case', () => {
    expect(linksOf(config, 'rules/0/header')).toEqual([
      `${at}/http_filters/0/typed_config/request_rules/0/header → ${at}/route_config/request_headers_to_add/0/header`,
      `${at}/http_filters/1/typed_config/request_rules/0/header → ${at}/route_config/request_headers_to_add/0/header`,
    ]);
  });
});

test('a key of filter state leads to the filters that set it, in any listener', () => {
  const setter = {
    name: 's',
    typed_config: {
      '@type': type('envoy.extensions.filters.network.set_filter_state.v3.Config'),
      on_new_connection: [{ object_key: 'peer.name', format_string: { text_format_source: { inline_string: 'a' } } }],
    },
  };
  const rbac = {
    name: 'r',
    typed_config: {
      '@type': type('envoy.extensions.filters.http.rbac.v3.RBAC'),
      rules: {
        policies: {
          p: { permissions: [{ any: true }], principals: [{ filter_state: { key: 'peer.name' } }, { filter_state: { key: 'x' } }] },
        },
      },
    },
  };
  const manager = { name: 'h', typed_config: { '@type': type(MANAGER), http_filters: [rbac] } };
  const config = {
    static_resources: {
      listeners: [
        { name: 'outer', filter_chains: [{ filters: [setter] }] },
        { name: 'inner', filter_chains: [{ filters: [manager] }] },
      ],
    },
  };
  const [first, second] = linksOf(config, 'filter_state/key');
  expect(first).toMatch(/principals\/0.* → \/static_resources\/listeners\/0\/.*\/on_new_connection\/0$/);
  expect(second).toMatch(/principals\/1.* → unchecked$/);
});

describe('rate limits and what filters share', () => {
  const manager = (fields: object) => ({ name: 'h', typed_config: { '@type': type(MANAGER), ...fields } });
  const listener = (...filters: object[]) => ({
    static_resources: { listeners: [{ name: 'l', filter_chains: filters.map((each) => ({ filters: [each] })) }] },
  });
  const routes = (rate_limits: object[]) => ({
    name: 'r',
    virtual_hosts: [{ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'c', rate_limits } }] }],
  });
  const limiter = (...keys: string[]) => ({
    name: 'local',
    typed_config: {
      '@type': type('envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit'),
      descriptors: [{ entries: keys.map((key) => ({ key, value: 'x' })) }],
    },
  });

  test('the entry of a limit leads to the actions of routes that make it', () => {
    const actions = [
      { request_headers: { header_name: 'x-user', descriptor_key: 'user' } },
      { generic_key: { descriptor_key: 'plan', descriptor_value: 'x' } },
    ];
    const config = listener(manager({ route_config: routes([{ actions }]), http_filters: [limiter('user', 'plan', 'remote_address')] }));
    const at = '/static_resources/listeners/0/filter_chains/0/filters/0/typed_config';
    const action = `${at}/route_config/virtual_hosts/0/routes/0/route/rate_limits/0/actions`;
    const entry = `${at}/http_filters/0/typed_config/descriptors/0/entries`;
    expect(linksOf(config, '/entries/')).toEqual([
      `${entry}/0/key → ${action}/0/request_headers`,
      `${entry}/1/key → ${action}/1/generic_key`,
      `${entry}/2/key → unchecked`,
    ]);
  });

  test('filters of one token bucket lead to each other', () => {
    const bucket = (share_key: string) => ({
      name: 'b',
      typed_config: { '@type': type('envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit'), stat_prefix: 's', share_key },
    });
    const text = JSON.stringify(listener(bucket('one'), bucket('one'), bucket('two')));
    const place = {
      snapshot: buildSnapshot([{ uri: 'file:///dump.json', text }]),
      uri: 'file:///dump.json',
      offset: text.indexOf('"one"') + 1,
    };
    expect(findHighlights(place).map(({ range }) => range.start.character)).toEqual([text.indexOf('"one"'), text.lastIndexOf('"one"')]);
  });
});
