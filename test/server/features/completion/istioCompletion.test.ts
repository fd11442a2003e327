/** Completion inside Istio's own YAML: fields and enum values of the API, names that the workspace has. */
import { describe, expect, test } from 'vitest';
import { findCompletions } from '../../../../server/src/features/completion/completion';
import { placeOf, readFixture } from '../../../support/fixture';

const labels = (source: string) => findCompletions(placeOf(readFixture(source))).items.map(({ label }) => label);

const WORLD = `//- rules.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: reviews, subsets: [{ name: v1 }, { name: v2 }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge, namespace: ingress }
spec: { servers: [] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: own, namespace: shop }
spec: { servers: [] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: weather, namespace: shop }
spec: { hosts: [api.weather.example] }
//- dump.json
{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_active_clusters": [
  {"cluster": {"name": "outbound|9080|v3|reviews.shop.svc.cluster.local", "type": "EDS"}}]}]}
`;
const service = (spec: string) => `${WORLD}//- service.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
${spec.replace(/^/gm, '  ')}
`;

test('fields of the spec, in the spelling of Kubernetes', () => {
  expect(labels(service('hosts: [reviews]\n<|>'))).toEqual(expect.arrayContaining(['http', 'gateways', 'tls', 'tcp']));
  expect(labels(service('hosts: [reviews]\n<|>'))).not.toContain('hosts');
  expect(labels(service('http:\n- route:\n  - <|>'))).toEqual(expect.arrayContaining(['destination', 'weight', 'headers']));
  expect(labels(service('exportTo: ["."]\nhttp:\n- match:\n  - <|>'))).toContain('ignoreUriCase');
});
test('fields of the policies', () => {
  const policy = `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: p }\nspec:\n  action: <|>\n`;
  expect(labels(policy)).toEqual(expect.arrayContaining(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']));
  const peer = `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: p }\nspec:\n  mtls:\n    mode: <|>\n`;
  expect(labels(peer)).toEqual(expect.arrayContaining(['STRICT', 'PERMISSIVE', 'DISABLE']));
  const telemetry = `apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: { name: p }\nspec:\n  accessLogging:\n  - <|>\n`;
  expect(labels(telemetry)).toEqual(expect.arrayContaining(['providers', 'disabled', 'filter']));
});
test('hosts that services, entries, rules and dumps have', () =>
  expect(labels(service('http:\n- route:\n  - destination:\n      host: <|>'))).toEqual(
    expect.arrayContaining(['reviews', 'api.weather.example', 'reviews.shop.svc.cluster.local']),
  ));
test('subsets of the host, of its rule and of the dumps', () => {
  expect(labels(service('http:\n- route:\n  - destination:\n      host: reviews\n      subset: <|>'))).toEqual(['v1', 'v2', 'v3']);
  expect(labels(service('http:\n- route:\n  - destination:\n      host: other\n      subset: <|>'))).toEqual([]);
});
test('gateways: those of the namespace by their name alone', () =>
  expect(labels(service('gateways:\n- <|>'))).toEqual(['mesh', 'ingress/edge', 'own']));
test('resources of others have no fields of Istio’s', () =>
  expect(labels('apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d }\nspec:\n  <|>\n')).toEqual([]));

describe('the Gateway API', () => {
  const httpRoute = (spec: string) => `${WORLD}//- route.yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: shop }
spec:
${spec.replace(/^/gm, '  ')}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: web, namespace: shop }
spec: { listeners: [{ name: http, port: 80, protocol: HTTP }] }
`;
  test('fields and values', () => {
    expect(labels(httpRoute('hostnames: [a.example]\n<|>'))).toEqual(expect.arrayContaining(['parentRefs', 'rules']));
    expect(labels(httpRoute('rules:\n- matches:\n  - path:\n      type: <|>'))).toEqual(['Exact', 'PathPrefix', 'RegularExpression']);
    expect(labels(httpRoute('rules:\n- filters:\n  - type: <|>'))).toContain('URLRewrite');
    const policy =
      'apiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\nmetadata: { name: p }\nspec:\n  validation:\n    <|>\n';
    expect(labels(policy)).toEqual(expect.arrayContaining(['hostname', 'caCertificateRefs', 'wellKnownCACertificates']));
  });
  test('names: gateways, their listeners, services', () => {
    expect(labels(httpRoute('parentRefs:\n- name: <|>'))).toEqual(['web']);
    expect(labels(httpRoute('parentRefs:\n- name: web\n  sectionName: <|>'))).toEqual(['http']);
    expect(labels(httpRoute('rules:\n- backendRefs:\n  - name: <|>'))).toEqual(['reviews']);
    expect(labels(httpRoute('rules:\n- backendRefs:\n  - namespace: other\n    name: <|>'))).toEqual([]);
  });
});

describe('around the spec', () => {
  test('kinds of the version, versions of the kind', () => {
    expect(labels('apiVersion: security.istio.io/v1\nkind: <|>\n')).toEqual([
      'AuthorizationPolicy',
      'PeerAuthentication',
      'RequestAuthentication',
    ]);
    expect(labels('apiVersion: \nkind: <|>\n')).toEqual(expect.arrayContaining(['VirtualService', 'HTTPRoute', 'WasmPlugin']));
    expect(labels('apiVersion: <|>\nkind: Gateway\n')).toEqual(['networking.istio.io/v1', 'gateway.networking.k8s.io/v1']);
    expect(labels('apiVersion: apps/v1\nkind: <|>\n')).toEqual([]);
  });
  test('keys', () => {
    expect(labels('apiVersion: networking.istio.io/v1\nkind: Sidecar\n<|>\n')).toEqual(['metadata', 'spec']);
    expect(labels('apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: a\n  <|>\n')).toEqual([
      'namespace',
      'labels',
      'annotations',
    ]);
    expect(labels('apiVersion: apps/v1\nkind: Deployment\n<|>\n')).toEqual([]);
  });
});
