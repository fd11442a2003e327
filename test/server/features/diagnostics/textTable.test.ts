import { describe, expect, test } from 'vitest';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';

const told = (text: string): string[] =>
  collectDiagnostics(buildSnapshot([{ uri: 'pasted.txt', text }]), 'pasted.txt').flatMap(({ code, message }) =>
    code === 'text-table' ? [message] : [],
  );

describe('what is pasted is told, and how the real thing is taken', () => {
  test.each([
    [
      'SERVICE FQDN   PORT   SUBSET   DIRECTION   TYPE\n',
      '`istioctl proxy-config cluster POD -o json`, or the whole dump with `istioctl proxy-config all',
    ],
    ['$ istioctl pc listener x\nADDRESSES   PORT   MATCH   DESTINATION\n', '`istioctl proxy-config listener POD -o json`'],
    ['NAME   CLUSTER   CDS   LDS   EDS   RDS\n', 'Take the whole dump with `istioctl proxy-config all POD -o json`.'],
    ['NAME   CLUSTER   ISTIOD   VERSION   SUBSCRIBED TYPES\n', 'Take the whole dump with `istioctl proxy-config all POD -o json`.'],
    [
      'NAMESPACE   POD NAME   ADDRESS   NODE   WAYPOINT   PROTOCOL\n',
      '`istioctl ztunnel-config workloads -o json`, or all that a ztunnel knows with',
    ],
    ['NAMESPACE   POLICY NAME   ACTION   SCOPE\n', '`istioctl ztunnel-config policies -o json`, or all that a ztunnel knows with'],
    ['CERTIFICATE NAME   TYPE   STATUS   VALID CERT\n', '`istioctl ztunnel-config certificates -o json`'],
    ['WORKLOAD   DIRECTION   LOCAL   REMOTE   REMOTE TARGET   PROTOCOL\n', '`istioctl ztunnel-config connections -o json`'],
    [
      'a||b::observability_name::a||b\n',
      'what /clusters of an Envoy answers, not the configuration. Take it with `curl localhost:15000/config_dump',
    ],
    ['virtualInbound::0.0.0.0:15006\n', 'what /listeners of an Envoy answers'],
    ['cluster.a.upstream_cx_total: 3\n', 'what /stats of an Envoy answers'],
    ['# TYPE envoy_cluster_upstream_cx_total counter\n', 'what /stats/prometheus of an Envoy answers'],
    ['active loggers:\n  admin: warning\n  stats_sinks: warning\n', 'what /logging of an Envoy answers'],
    ['invalid path. admin commands are:\n  /: Admin home page\n', 'the help of an Envoy'],
    ['LIVE\n', 'what /ready of an Envoy answers'],
    ['NAME   STATUS   LOCALITY   CLUSTER\n', '`istioctl proxy-config endpoint POD -o json`'],
    ['NAME   CLUSTER   CDS   ECDS   EDS   LDS\n', 'Take the whole dump with `istioctl proxy-config all POD -o json`.'],
    ['Istio Version:       1.30.1\nIstio Proxy Version: abc\n', 'a summary that istioctl prints'],
  ])('%s', (text, message) => expect(told(text).join('')).toContain(message));

  test.each([
    'server.port: 8080\n',
    'NAME: x\n',
    'state: LIVE\n',
    'Istio Version: \n',
    'a: ::1:80\n',
    'cluster.name: es\nhttp.port: 9200\n',
  ])('%s is something else', (text) => expect(told(text)).toEqual([]));

  test('loggers have the names of fields, and are none', () => {
    const text = 'active loggers:\n  a2a: warning\n  admin: warning\n  runtime: warning\n  stats_sinks: warning\n';
    expect(collectDiagnostics(buildSnapshot([{ uri: 'a.yaml', text }]), 'a.yaml').map(({ code }) => code)).toEqual(['text-table']);
  });
});
