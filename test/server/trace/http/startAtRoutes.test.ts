/** "Trace from here" in a file of routes alone, as `istioctl proxy-config routes -o json` writes it. */
import { expect, test } from 'vitest';
import type { TracePath } from '../../../../server/src/protocol/trace';
import { GET, traceOf } from '../support/traceOf';

const route = (name: string, path: string): object => ({ name, match: { prefix: path }, route: { cluster: `to-${name}` } });
const ROUTES = JSON.stringify([
  { name: '80', virtualHosts: [{ name: 'shop', domains: ['shop.test'], routes: [route('cart', '/cart'), route('rest', '/')] }] },
]);

function pathFrom(pointer: string, path: string): TracePath | undefined {
  const start = { at: { uri: 'routes.json', pointer } };
  return traceOf({ 'routes.json': ROUTES }, { start, connection: {}, http: { ...GET, authority: 'shop.test', path } }).paths[0];
}

test('the request finds its virtual host, its route and the name of its cluster', () => {
  const found = pathFrom('/0', '/other');
  expect(found?.hops[0]).toMatchObject({ routeConfiguration: '80', virtualHost: 'shop', route: { name: 'rest', index: 1 } });
  expect(found?.hops[0]?.steps.at(-1)?.decision).toBe('cluster `to-rest` is named');
  expect(found?.missing?.[0]).toMatch(/^the listener and the HTTP filters before route configuration `80`: no listener of the open files/);
});

test('a route that is pointed at is taken for granted', () => {
  expect(pathFrom('/0/virtualHosts/0/routes/0', '/other')?.hops[0]).toMatchObject({ route: { name: 'cart', index: 0 } });
});

test('a request that no route takes does not become a certain answer', () => {
  expect(pathFrom('/0', '')?.disposition).toBe('insufficient_info');
});
