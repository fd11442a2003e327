/** Names in a ztunnel's dump: workloads, services, policies and waypoints. */
import { describe, expect, test } from 'vitest';
import { findCodeLenses } from '../../../server/src/features/codeLenses';
import { findDocumentSymbols } from '../../../server/src/features/symbols/documentSymbols';
import { findInlayHints } from '../../../server/src/features/inlayHints';
import { findHighlights } from '../../../server/src/features/references';
import { findWorkspaceSymbols, resolveWorkspaceSymbol } from '../../../server/src/features/symbols/workspaceSymbols';
import { impliedRequest } from '../../../server/src/trace/request/impliedRequest';
import { simulateRequest } from '../../../server/src/trace/simulateRequest';
import { checkDefinition, checkHover, checkReferences } from '../../support/check';
import { placeOf, readFixture, snapshotOf } from '../../support/fixture';

interface Marks {
  readonly uid?: string;
  readonly policy?: string;
  readonly waypoint?: string;
  readonly workload?: string;
  readonly policyName?: string;
  readonly service?: string;
  readonly waypointName?: string;
}

const DUMP = ({
  uid = '"cluster//Pod/shop/cart-1"',
  policy = '"shop/only-web"',
  waypoint = '"/10.96.0.9"',
  workload = '"cart-1"',
  policyName = '"only-web"',
  service = '"cart"',
  waypointName = '"waypoint"',
}: Marks = {}) => `{
 "workloads": [
  {"uid": "cluster//Pod/shop/cart-1", "name": ${workload}, "namespace": "shop", "workloadIps": ["10.0.0.5"], "protocol": "HBONE", "node": "n1",
   "serviceAccount": "cart", "authorizationPolicies": [${policy}], "status": "Healthy"}
 ],
 "services": [
  {"name": ${service}, "namespace": "shop", "hostname": "cart.shop.svc.cluster.local", "vips": ["/10.96.0.5"], "ports": {"80": 8080},
   "endpoints": {"cluster//Pod/shop/cart-1": {"workloadUid": ${uid}, "port": {"80": 8080}}},
   "waypoint": {"destination": ${waypoint}, "hboneMtlsPort": 15008}},
  {"name": ${waypointName}, "namespace": "shop", "hostname": "waypoint.shop.svc.cluster.local", "vips": ["/10.96.0.9"], "ports": {}, "endpoints": {}}
 ],
 "policies": [{"name": ${policyName}, "namespace": "shop", "scope": "WorkloadSelector", "action": "Allow", "rules": []}]
}`;

describe('definition', () => {
  test('of an endpoint, its workload', () => checkDefinition(DUMP({ uid: '"cluster//Pod/sh<|>op/cart-1"', workload: '‹|"cart-1"|›' })));
  test('of a policy', () => checkDefinition(DUMP({ policy: '"shop/on<|>ly-web"', policyName: '‹|"only-web"|›' })));
  test('of a waypoint, by its address and by its name', () => {
    checkDefinition(DUMP({ waypoint: '"/10.9<|>6.0.9"', waypointName: '‹|"waypoint"|›' }));
    checkDefinition(DUMP({ waypoint: '"shop/way<|>point.shop.svc.cluster.local"', waypointName: '‹|"waypoint"|›' }));
  });
  test('what is in no list leads nowhere', () => {
    checkDefinition(DUMP({ uid: '"cluster//Pod/sh<|>op/gone"' }));
    checkDefinition(DUMP({ policy: '"shop/no<|>ne"' }));
  });
});

test('references: uid, endpoints, policies', () => {
  checkReferences(
    DUMP({ uid: '‹|"cluster//Pod/shop/cart-1"|›', workload: '"ca<|>rt-1"' }).replace(
      '"uid": "cluster//Pod/shop/cart-1"',
      '"uid": ‹|"cluster//Pod/shop/cart-1"|›',
    ),
  );
  checkReferences(DUMP({ policy: '‹|"shop/only-web"|›', policyName: '"only-w<|>eb"' }));
  expect(findHighlights(placeOf(readFixture(DUMP({ policyName: '"only-w<|>eb"' })))).map(({ kind }) => kind)).toEqual([2, 3]);
});

describe('hover', () => {
  test('of a workload, also where an endpoint names it', () => {
    for (const marks of [{ workload: '"ca<|>rt-1"' }, { uid: '"cluster//Po<|>d/shop/cart-1"' }])
      checkHover(
        DUMP(marks),
        '**Workload** `shop/cart-1`',
        'HBONE · healthy',
        '`10.0.0.5`',
        'spiffe://cluster.local/ns/shop/sa/cart',
        'Behind `cart.shop',
        'Policies: `shop/only-web`',
      );
  });
  test('of a service', () =>
    checkHover(
      DUMP({ service: '"ca<|>rt"' }),
      '**Service** `cart.shop.svc.cluster.local`',
      '`10.96.0.5` · ports 80 → 8080',
      'Through the waypoint `10.96.0.9:15008`',
      '1 endpoint, 1 healthy',
    ));
  test('of a policy', () =>
    checkHover(DUMP({ policyName: '"only<|>-web"' }), '**Policy** `shop/only-web`', 'Allows what any of 0 rules', 'For shop/cart\\-1'));
});

test('the outline', () => {
  const fixture = readFixture(DUMP());
  const symbols = findDocumentSymbols(snapshotOf(fixture), 'config.json');
  expect(symbols.map(({ name, children = [] }) => [name, ...children.map((each) => `${each.name} (${each.detail})`)])).toEqual([
    ['Services', 'cart.shop.svc.cluster.local (10.96.0.5, 1 endpoint)', 'waypoint.shop.svc.cluster.local (10.96.0.9, 0 endpoints)'],
    ['Workloads', 'shop/cart-1 (10.0.0.5, HBONE)'],
    ['Policies', 'shop/only-web (Allow, WorkloadSelector)'],
  ]);
});

test('symbols of the workspace, and whose a waypoint’s address is', () => {
  const snapshot = snapshotOf(readFixture(DUMP()));
  const [found] = findWorkspaceSymbols(snapshot, 'cart-1', { withRanges: false });
  expect(found).toMatchObject({ name: 'shop/cart-1', containerName: 'config.json' });
  expect(found && resolveWorkspaceSymbol(snapshot, found).location).toMatchObject({ range: { start: { line: 2 } } });
  const hints = findInlayHints(snapshot, 'config.json', { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } });
  expect(hints.map(({ label }) => label)).toContain('= waypoint.shop.svc.cluster.local');
});

test('Trace from here: a client of the node asks for the service, or for the workload', () => {
  const snapshot = snapshotOf(readFixture(DUMP()));
  const offsetOf = (text: string) => DUMP().indexOf(text);
  const service = impliedRequest(snapshot, 'config.json', offsetOf('"cart.shop'));
  expect(service).toMatchObject({
    title: 'service cart.shop.svc.cluster.local',
    request: { connection: { destination: '10.96.0.5:80', source: '10.0.0.5', capture: 'outbound' } },
  });
  expect(service && simulateRequest(snapshot, service.request).paths[0]?.hops[0]?.service).toBe('cart.shop.svc.cluster.local');
  expect(impliedRequest(snapshot, 'config.json', offsetOf('"10.0.0.5"'))?.request.connection.destination).toBe('10.0.0.5:8080');
  expect(impliedRequest(snapshot, 'config.json', offsetOf('"only-web"'))).toBeUndefined();
  const titles = findCodeLenses(snapshot, 'config.json').map((lens) => lens.command?.title);
  expect(titles).toEqual(['Trace from here', 'Trace from here', 'Trace from here']);
});
