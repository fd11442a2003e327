import { expect, test } from 'vitest';
import { proxyWords } from '../../../client/webview/proxyWords';

test.each([
  ['sidecar~10.4.0.5~reviews-v1.default~default.svc.cluster.local', 'reviews-v1.default', 'sidecar · 10.4.0.5'],
  ['edge-7', 'edge-7', 'envoy'],
  ['file:///mesh/my%20envoy.yaml', 'my envoy.yaml', 'envoy'],
  ['file:///mesh/xds/', 'xds', 'envoy'],
  ['untitled:Untitled-1', 'Untitled-1', 'envoy'],
  ['untitled:', 'untitled', 'envoy'],
  ['mesh/100%25.yaml', '100%25.yaml', 'envoy'],
])('%s is called %s', (proxy, name, detail) => expect(proxyWords({ proxy, kind: 'envoy' })).toEqual([name, detail]));
