/** Answers of the admin interface that are no configuration, and data that only looks like them. */
import { describe, expect, test } from 'vitest';
import { lintSnapshot } from '../../../../server/src/cli/lintCommand';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';

function lint(text: string, uri = 'a.json'): string[] {
  return lintSnapshot(buildSnapshot([{ uri, text }])).map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

const NODE = '"node": {"id": "sidecar~10.0.0.1~a.default~default.svc.cluster.local"}';

describe('admin-answer', () => {
  test('/server_info', () =>
    expect(lint(`{"version": "abc/1.40.0/Clean/RELEASE/BoringSSL", "state": "LIVE", "command_line_options": {}, ${NODE}}`)).toEqual([
      expect.stringContaining('An Envoy 1.40.0 in the state LIVE, node "sidecar~10.0.0.1~a.default~default.svc.cluster.local"'),
    ]));
  test('/server_info beside a configuration of that Envoy is a part of it, and nobody has written it', () => {
    const text = `{"version": "abc/1.40.0/x/y/z", "state": "LIVE", "command_line_options": {"newer": true}, ${NODE}}`;
    const files = [
      { uri: 'file:///a/info.json', text },
      { uri: 'file:///a/envoy.yaml', text: 'static_resources: {}\n' },
    ];
    expect(lintSnapshot(buildSnapshot(files)).filter(({ uri }) => uri.endsWith('info.json'))).toEqual([]);
    expect(lint(text).map((each) => each.slice(0, 25))).toEqual(['information admin-answer:']);
  });
  test('/certs, with what has expired', () =>
    expect(
      lint(
        '{"certificates": [{"ca_cert": [{"path": "ca", "days_until_expiration": "900"}], "cert_chain": [{"path": "a.pem", "days_until_expiration": "0", "expiration_time": "2021-01-01T00:00:00Z"}]}]}',
      ),
    ).toEqual([
      expect.stringContaining('(/certs)'),
      'warning admin-answer: The certificate a.pem has expired or expires within a day (2021-01-01T00:00:00Z).',
    ]));
  test('/listeners', () =>
    expect(lint('{"listener_statuses": [{"name": "l", "local_address": {"socket_address": {}}}]}')).toEqual([
      expect.stringContaining('(/listeners)'),
    ]));
  test('/stats', () => expect(lint('{"stats": [{"name": "a.b", "value": 5}]}')).toEqual([expect.stringContaining('(/stats)')]));
  test('/init_dump, with what is waited for', () =>
    expect(lint('{"unready_targets_dumps": [{"name": "init manager Server", "target_names": ["target LDS", "target RTDS"]}]}')).toEqual([
      expect.stringContaining('(/init_dump), not its configuration: target LDS, target RTDS.'),
    ]));
  test('/runtime', () =>
    expect(lint('{"layers": ["admin"], "entries": {"a.b": {"final_value": "5", "layer_values": ["5"]}}}')).toEqual([
      expect.stringContaining('(/runtime)'),
    ]));
  test('/memory', () =>
    expect(lint('{"allocated": "1", "heap_size": "2", "pageheap_unmapped": "0", "pageheap_free": "1"}')).toEqual([
      expect.stringContaining('(/memory)'),
    ]));
  test('what istioctl proxy-status asks istiod for', () =>
    expect(
      lint(
        '{"versionInfo": "1", "resources": [{"@type": "type.googleapis.com/envoy.service.status.v3.ClientConfig", "node": {"id": "a"}, "genericXdsConfigs": [{"typeUrl": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "configStatus": "SYNCED"}]}]}',
      ),
    ).toEqual([expect.stringContaining('(istioctl proxy-status)')]));
  test.each([
    ['entries of others', '{"layers": [], "entries": {"a": {"b": 1}}}'],
    ['statistics of others', '{"stats": {"a": 1}}'],
    ['certificates of others', '{"certificates": ["a.pem"]}'],
    ['a version of others', '{"version": "1.0", "state": "open"}'],
    ['nothing', '{}'],
  ])('%s', (_, text) => expect(lint(text)).toEqual([]));
});

describe('other files', () => {
  test('a template is told once', () => {
    const text = '{{- if .Values.istio }}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  {{- include "x" . | nindent 2 }}\n{{- end }}\n';
    expect(lint(text, 'a.yaml')).toEqual(['information syntax: This is a template: lint what is rendered of it.']);
    expect(lint('{% for a in b %}\n- {{ a }}: [\n{% endfor %}\n', 'a.yaml')).toEqual([
      'information syntax: This is a template: lint what is rendered of it.',
    ]);
  });
  test('what a template lacks may be rendered: no error', () => {
    const text = (first: string, last: string) =>
      `static_resources:\n  clusters:\n  - name: a\n    type: EDS\n    eds_cluster_config: { eds_config: { api_config_source: { api_type: GRPC, grpc_services: [{ envoy_grpc: { cluster_name: xds } }] } } }\n${first}  - name: xds\n    nope: 1\n${last}`;
    expect(lint(text('', ''), 'a.yaml').join()).toContain('error unknown-field');
    const told = lint(text('{{- if .Values.xds }}\n', '{{- end }}\n'), 'a.yaml');
    expect(told).toContain('information syntax: This is a template: lint what is rendered of it.');
    expect(told.filter((line) => !/^(?:information|hint) /.test(line))).toEqual([]);
    expect(told.join()).toContain('what is rendered of it decides');
  });
  test('broken text is told where it is broken', () => expect(lint('a: [1\nb: {c\n', 'a.yaml')[0]).toContain('error syntax'));
  test('MOSN has words of its own', () =>
    expect(
      lint(
        '{"servers": [{"listeners": []}], "cluster_manager": {"clusters": [{"name": "a", "type": "SIMPLE"}]}, "static_resources": {"clusters": [{"nope": 1}]}}',
      ),
    ).toEqual([]));
});
