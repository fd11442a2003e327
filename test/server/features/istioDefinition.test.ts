/** From names in Istio's own YAML to the resources that have them. */
import { test } from 'vitest';
import { checkDefinition } from '../../support/check';

const service = (spec: string) => `//- service.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
${spec.replace(/^/gm, '  ')}
`;
const RULE = (host: string, subset: string) => `//- rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: ${host}, subsets: [{ name: ${subset} }] }
`;

test('a subset leads to its rule, by the short and by the full name of the host', () => {
  checkDefinition(RULE('reviews', '‹|v1|›') + service('http: [{ route: [{ destination: { host: reviews, subset: v<|>1 } }] }]'));
  checkDefinition(
    RULE('reviews.shop.svc.cluster.local', '‹|v1|›') + service('http: [{ route: [{ destination: { host: reviews, subset: v<|>1 } }] }]'),
  );
});
test('a subset of another host is another one', () =>
  checkDefinition(RULE('ratings', 'v1') + service('http: [{ route: [{ destination: { host: reviews, subset: v<|>1 } }] }]')));
test('a host leads to the entry, the rule and the cluster', () =>
  checkDefinition(
    `${RULE('‹|reviews|›', 'v1')}//- entry.yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: e }
spec: { hosts: [‹|reviews.shop.svc.cluster.local|›] }
//- dump.json
{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_active_clusters": [
  {"cluster": {"name": ‹|"outbound|9080||reviews.shop.svc.cluster.local"|›, "type": "EDS"}}]}]}
${service('http: [{ route: [{ destination: { host: rev<|>iews } }] }]')}`,
  ));
test('a gateway of the own namespace, and one of another', () => {
  const gateway = (namespace: string, name: string) =>
    `//- ${namespace}.yaml\napiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { servers: [] }\n`;
  checkDefinition(gateway('shop', '‹|edge|›') + gateway('ingress', 'edge') + service('gateways: [ed<|>ge]'));
  checkDefinition(gateway('shop', 'edge') + gateway('ingress', '‹|edge|›') + service('gateways: [ingress/ed<|>ge]'));
  checkDefinition(gateway('shop', '‹|edge|›') + gateway('ingress', 'edge') + service('gateways: [shop/ed<|>ge]'));
});
test('words that name nothing lead nowhere', () => checkDefinition(service('hosts: [reviews]\nhttp: [{ name: ro<|>ute }]')));
