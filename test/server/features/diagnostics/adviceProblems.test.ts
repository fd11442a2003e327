import { expect, test } from 'vitest';
import { collectDiagnostics, collectDiagnosticsInSteps } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';

const uri = 'routes.json';

/** One resource of many virtual hosts; in the last of them no request reaches the second route. */
function gatewayRoutes(count: number): string {
  const route = (prefix: string) => ({ match: { prefix, headers: [{ name: 'x-a', string_match: { exact: prefix } }] }, redirect: {} });
  const hosts = Array.from({ length: count }, (_, index) => ({
    name: `v${index}`,
    domains: [`v${index}.example.com`],
    routes: [route('/a'), route('/b'), route('/c'), ...(index === count - 1 ? [route('/a')] : [])],
  }));
  return JSON.stringify({ name: 'r', virtual_hosts: hosts });
}

test('the messages of one large resource are looked at in steps', () => {
  const steps = (hosts: number) => {
    const driven = collectDiagnosticsInSteps(buildSnapshot([{ uri, text: gatewayRoutes(hosts) }]), uri);
    let count = 0;
    while (!driven.next().done) count++;
    return count;
  };
  expect(steps(1000)).toBeGreaterThan(steps(1) + 3);
});

test('who drops them on the way loses no problem', () => {
  for (let taken = 1; taken < 12; taken++) {
    const snapshot = buildSnapshot([{ uri, text: gatewayRoutes(300) }]);
    const dropped = collectDiagnosticsInSteps(snapshot, uri);
    for (let step = 0; step < taken; step++) dropped.next();
    expect(collectDiagnostics(snapshot, uri).map(({ code }) => code)).toContain('shadowed-route');
  }
});
