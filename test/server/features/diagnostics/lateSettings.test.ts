/** What Envoy looks at only when it runs: a warning, never an error. */
import { describe, expect, test } from 'vitest';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';

/** `code severity` of all errors and warnings. */
function judge(config: object): string[] {
  const uri = 'test:/envoy.json';
  return collectDiagnostics(buildSnapshot([{ uri, text: JSON.stringify(config) }]), uri)
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ code, severity }) => `${code} ${severity}`);
}

const delta = { api_type: 'DELTA_GRPC', transport_api_version: 'V3', grpc_services: [{ envoy_grpc: { cluster_name: 'xds' } }] };
const sdsConfig = { ads: {} };

function clusterWith(commonTlsContext: object): object {
  const typedConfig = {
    '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
    common_tls_context: commonTlsContext,
  };
  const cluster = { name: 'c', type: 'STRICT_DNS', transport_socket: { name: 'tls', typed_config: typedConfig } };
  return { node: { id: 'n', cluster: 'k' }, static_resources: { clusters: [cluster] } };
}

describe('TLS settings whose secrets are still to come', () => {
  const wrongCurve = { tls_params: { ecdh_curves: ['nope'] } };
  const noCertificate = { tls_certificates: [{ certificate_chain: { inline_string: 'x' }, private_key: { inline_string: 'y' } }] };
  test.each([
    { validation_context_sds_secret_config: { name: 'ca', sds_config: sdsConfig } },
    { tls_certificate_sds_secret_configs: [{ name: 'own', sds_config: sdsConfig }] },
    {
      combined_validation_context: {
        default_validation_context: {},
        validation_context_sds_secret_config: { name: 'ca', sds_config: sdsConfig },
      },
    },
  ])('%j', (secrets) => {
    expect(judge(clusterWith({ ...wrongCurve, ...secrets }))).toContain('tls-parameters warning');
    expect(judge(clusterWith({ ...noCertificate, ...secrets }))).toContain('tls-certificates warning');
    expect(judge(clusterWith({ ...wrongCurve, ...noCertificate, ...secrets })).filter((found) => found.endsWith('error'))).toEqual([]);
  });
  test('a secret of the bootstrap is there at once', () =>
    expect(judge(clusterWith({ ...wrongCurve, validation_context_sds_secret_config: { name: 'ca' } }))).toContain('tls-parameters error'));
  test('a chain without its key is refused all the same', () =>
    expect(
      judge(
        clusterWith({
          tls_certificates: [{ certificate_chain: { filename: 'a.pem' } }],
          validation_context_sds_secret_config: { name: 'ca', sds_config: sdsConfig },
        }),
      ),
    ).toContain('tls-certificates error'));
});

describe('sources of xDS', () => {
  const bootstrap = (apiType: string, node: object) => ({
    node,
    dynamic_resources: { cds_config: { resource_api_version: 'V3', api_config_source: { ...delta, api_type: apiType } } },
  });
  const node = { id: 'n', cluster: 'k' };
  test('the cluster of a delta stream is looked for later', () =>
    expect(judge(bootstrap('DELTA_GRPC', node))).toEqual(['config-source-cluster warning']));
  test('that of a plain stream at once', () => expect(judge(bootstrap('GRPC', node))).toEqual(['config-source-cluster error']));
  test('and that of ADS always', () =>
    expect(judge({ node, dynamic_resources: { ads_config: delta, cds_config: { ads: {} } } })).toEqual(['config-source-cluster error']));
  test('the command line may give the node', () =>
    expect(judge(bootstrap('DELTA_GRPC', {}))).toEqual(['config-source-cluster warning', 'config-source-cluster warning']));
});

describe('monitors of the overload manager', () => {
  const monitor = (name: string, type: string, fields: object) => ({
    overload_manager: {
      resource_monitors: [{ name, typed_config: { '@type': `type.googleapis.com/envoy.extensions.resource_monitors.${type}`, ...fields } }],
    },
  });
  const connections = { max_active_downstream_connections: 5 };
  const proactive = 'envoy.resource_monitors.global_downstream_max_connections';
  test('one that counts by itself goes by its name', () =>
    expect(judge(monitor(proactive, 'downstream_connections.v3.DownstreamConnectionsConfig', connections))).toEqual([]));
  test('under another name it is none', () =>
    expect(judge(monitor('x', 'downstream_connections.v3.DownstreamConnectionsConfig', connections))).toEqual(['wrong-extension error']));
  test('and the name takes no other', () =>
    expect(judge(monitor(proactive, 'fixed_heap.v3.FixedHeapConfig', { max_heap_size_bytes: 5 }))).toEqual(['wrong-extension error']));
});
