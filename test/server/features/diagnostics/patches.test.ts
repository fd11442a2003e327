/** Values of patches in EnvoyFilters and EnvoyPatchPolicies: what is wrong wherever they are put. */
import { describe, expect, test } from 'vitest';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';

/** `severity code` of what an EnvoyFilter with that patch has. */
function judge(applyTo: string, operation: string, value: object): string[] {
  const resource = {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'f' },
    spec: { configPatches: [{ applyTo, patch: { operation, value } }] },
  };
  const uri = 'test:/filter.json';
  return collectDiagnostics(buildSnapshot([{ uri, text: JSON.stringify(resource) }]), uri).map(
    ({ severity, code }) => `${severity} ${code}`,
  );
}

describe('a patch', () => {
  const filter = (fields: object) => ({
    name: 'x',
    typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz', ...fields },
  });
  test('may lack what the whole has', () => {
    expect(judge('CLUSTER', 'MERGE', { circuit_breakers: { thresholds: [{ max_retries: 3 }] } })).toEqual([]);
    expect(judge('HTTP_ROUTE', 'MERGE', { route: { timeout: '5s' } })).toEqual([]);
    expect(judge('HTTP_FILTER', 'INSERT_BEFORE', filter({ failure_mode_allow: true }))).toEqual([]);
  });
  test('has no fields that the message has not', () => {
    expect(judge('CLUSTER', 'MERGE', { conect_timeout: '1s' })).toEqual(['warning unknown-field']);
    expect(judge('HTTP_FILTER', 'INSERT_BEFORE', filter({ failure_mode: true }))).toEqual(['warning unknown-field']);
  });
  test('has values that an enum has, and durations as istiod reads them', () => {
    expect(judge('CLUSTER', 'ADD', { name: 'c', type: 'STATICS' })).toEqual(['warning unknown-enum-value']);
    expect(judge('CLUSTER', 'ADD', { name: 'c', connect_timeout: '500ms' })).toEqual([]);
  });
  test('may be applied to something that nobody knows', () => expect(judge('SOMETHING', 'ADD', { a: 1 })).toEqual([]));
});
