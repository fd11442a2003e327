/** What starts the language server, and what must not. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sniffConfiguration } from '../../server/src/protocol/sniffConfiguration';
import { foreignTexts } from '../server/features/foreignTexts';

const root = path.resolve(import.meta.dirname, '../..');

describe('ours', () => {
  test.each([
    ['a config dump', '{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump"}]}'],
    ['a dump with a mask', '{\n "configs": [\n {'],
    ['a bootstrap', 'admin:\n  address: {}\nstatic_resources:\n  listeners: []\n'],
    ['filesystem xDS', "resources:\n- '@type': type.googleapis.com/envoy.config.cluster.v3.Cluster\n"],
    ['a bare listener in camelCase', '{"name": "x", "filterChains": []}'],
    ['a list of istioctl', '[\n  {\n    "name": "x",\n    "type": "EDS",\n    "edsClusterConfig": {'],
    ['endpoints of istioctl', '[{"name": "outbound|80||a.b.svc.cluster.local", "addedViaApi": true, "hostStatuses": []'],
    ['cluster statuses', '{"cluster_statuses": []}'],
    ['a ztunnel dump', '{"workloads": [], "services": []}'],
    ['a ConfigMap with an envoy.yaml', 'kind: ConfigMap\ndata:\n  envoy.yaml: |\n    static_resources:\n      clusters: []\n'],
    ['an Istio resource', 'apiVersion: networking.istio.io/v1\nkind: VirtualService\n'],
    ['a fragment', '"route": {"cluster": "inbound-vip|9080|http|productpage.default.svc.cluster.local"}'],
    ['a table of istioctl', 'SERVICE FQDN        PORT     SUBSET     DIRECTION     TYPE     DESTINATION RULE\n'],
    ['a pasted route', 'match: { prefix: /api }\nroute: { cluster: api }\n'],
    ['a pasted redirect', '{"match": {"path": "/"}, "redirect": {"port_redirect": 443}}'],
    ['a pasted virtual host', 'name: a\ndomains: ["*"]\nroutes: []\n'],
    ['a pasted retry policy', 'retry_on: 5xx\nnum_retries: 2\n'],
    ['a pasted cluster', 'name: a\ntype: STRICT_DNS\n'],
    ['a pasted health check', 'timeout: 1s\ninterval: 1s\nunhealthy_threshold: 2\nhealthy_threshold: 2\ntcp_health_check: {}\n'],
    ['pasted TLS settings', '{"commonTlsContext": {}}'],
    ['a pasted address', 'address: { address: 10.0.0.1, port_value: 80 }\n'],
    ['a pasted policy', 'permissions: [{ any: true }]\nprincipals: [{ any: true }]\n'],
    ['a pasted log format', 'text_format_source: { inline_string: "%START_TIME%" }\n'],
    ['a pasted rate limit', 'stat_prefix: a\ntoken_bucket: { max_tokens: 1 }\n'],
    ['a pasted matcher', 'matcher_list: { matchers: [] }\n'],
    ['pasted headers', 'request_headers_to_add: [{ header: { key: a, value: b } }]\n'],
    ['pasted weights', 'clusters:\n- name: a\n  weight: 1\n'],
    ['what a pasted route does', '"route": { "cluster": "a", "timeout": "3s" },\n'],
    ['a pasted node', 'node: { id: a, cluster: b }\n'],
    ['a field of a route alone', 'redirect: { https_redirect: true }\n'],
    ['a field in camelCase alone', '"normalizePath": true\n'],
    ['a key behind a comment and a byte order mark', '\uFEFF// pasted\n{"virtual_hosts": []}'],
  ])('%s', (_, text) => {
    expect(sniffConfiguration(text)).toBe(true);
  });

  test('every sample', () => {
    const files = fs.readdirSync(path.join(root, 'samples'), { recursive: true, encoding: 'utf8' });
    const dumps = files.filter((file) => /\.(json|ya?ml)$/.test(file) && !/(request|expected|demo)\.json$/.test(file));
    const missed = dumps.filter((file) => !sniffConfiguration(fs.readFileSync(path.join(root, 'samples', file), 'utf8')));
    expect(dumps.length).toBeGreaterThan(0);
    expect(missed).toEqual([]);
  });
});

describe('not ours', () => {
  test.each([
    ['package.json', '{"name": "x", "version": "1.0.0", "scripts": {"test": "vitest"}, "dependencies": {"yaml": "2"}}'],
    ['tsconfig.json', '{"compilerOptions": {"strict": true, "types": []}, "include": ["src"]}'],
    [
      'a Deployment',
      'apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - name: a\n        resources:\n          limits: {}\n',
    ],
    ['a workflow', 'on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: actions/checkout@v4\n'],
    ['nothing', ''],
    ['a key in the middle of a word', '{"my_filter_chains_count": 3}'],
  ])('%s', (_, text) => {
    expect(sniffConfiguration(text)).toBe(false);
  });

  // Compose files have `configs`, charts `admin`; `@type` stands in JSON-LD as well: the server looks again.
  const DOUBTFUL = ['docker-compose.yml', 'values.yaml', 'audit.json', 'linked-data.json'];
  test.each(Object.entries(foreignTexts).filter(([name]) => !DOUBTFUL.includes(name)))('%s of others', (_, text) => {
    expect(sniffConfiguration(text)).toBe(false);
  });

  test('what stands far down is not looked for', () => {
    expect(sniffConfiguration(`${' '.repeat(100_000)}{"static_resources": {}}`)).toBe(false);
  });
});
