/** The answer of /server_info tells the node and the version of the proxy that it belongs to. */
import { expect, test } from 'vitest';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';

const VERSION = { major_number: 1, minor_number: 40, patch: 2 };
const info = (id: string, ip = '10.0.0.9') =>
  JSON.stringify({
    version: 'abc/1.40.2/Clean/RELEASE/BoringSSL',
    state: 'LIVE',
    command_line_options: { service_node: id },
    node: { id, metadata: { INSTANCE_IPS: ip }, user_agent_build_version: { version: VERSION } },
  });
const dump = (id?: string) =>
  JSON.stringify({
    configs: [
      ...(id === undefined ? [] : [{ '@type': 'type.googleapis.com/envoy.admin.v3.BootstrapConfigDump', bootstrap: { node: { id } } }]),
      { '@type': 'type.googleapis.com/envoy.admin.v3.ClustersConfigDump', static_clusters: [{ cluster: { name: 'c', type: 'STATIC' } }] },
    ],
  });

/** `files of the proxy: node id, version` of every proxy. */
function proxiesIn(files: Record<string, string>): string[] {
  const documents = Object.entries(files).map(([file, text]) => ({ uri: `file:///${file}`, text }));
  return buildSnapshot(documents).proxies.map(
    ({ uris, proxyNode: { id, version } }) =>
      `${uris.map((uri) => uri.slice('file:///'.length)).join(' + ')}: ${id || '?'}, ${version?.join('.') ?? '?'}`,
  );
}

test('of a bootstrap beside it', () => {
  const bootstrap = 'static_resources: { clusters: [{ name: c, type: STATIC }] }\n';
  expect(proxiesIn({ 'a/envoy.yaml': bootstrap, 'a/info.json': info('front') })).toEqual(['a/envoy.yaml + a/info.json: front, 1.40.2']);
  expect(proxiesIn({ 'a/envoy.yaml': `node: { id: front }\n${bootstrap}`, 'a/info.json': info('front') })).toEqual([
    'a/envoy.yaml + a/info.json: front, 1.40.2',
  ]);
  expect(proxiesIn({ 'a/envoy.yaml': `node: { id: other }\n${bootstrap}`, 'a/info.json': info('front') })).toEqual([
    'a/envoy.yaml + a/info.json: other, ?',
  ]);
});
test('of a dump that names the same node, or has no bootstrap and lies beside it alone', () => {
  expect(proxiesIn({ 'a/dump.json': dump('front'), 'b/info.json': info('front') })).toEqual(['a/dump.json + b/info.json: front, 1.40.2']);
  expect(proxiesIn({ 'a/dump.json': dump(), 'a/info.json': info('front') })).toEqual(['a/dump.json + a/info.json: front, 1.40.2']);
  expect(proxiesIn({ 'a/dump.json': dump(), 'b/info.json': info('front') })).toEqual(['a/dump.json: ?, ?']);
  expect(proxiesIn({ 'a/one.json': dump(), 'a/two.json': dump(), 'a/info.json': info('front') })).toEqual([
    'a/one.json: ?, ?',
    'a/two.json: ?, ?',
  ]);
  expect(proxiesIn({ 'a/dump.json': dump('other'), 'a/info.json': info('front') })).toEqual(['a/dump.json: other, ?']);
});
test('of lists in one folder', () => {
  const clusters = '[{ "name": "c", "type": "STATIC", "connectTimeout": "1s" }]';
  expect(proxiesIn({ 'a/clusters.json': clusters, 'a/info.json': info('front') })).toEqual([
    'a/clusters.json + a/info.json: front, 1.40.2',
  ]);
});
test('the proxy is called after its node', () => {
  const files = [
    { uri: 'file:///a/envoy.yaml', text: 'static_resources: {}\n' },
    { uri: 'file:///a/info.json', text: info('front') },
  ];
  expect(buildSnapshot(files).proxies.map(({ id }) => id)).toEqual(['front']);
});
test('by itself it is no proxy', () => {
  expect(proxiesIn({ 'a/info.json': info('front') })).toEqual([]);
});
