import { expect, test } from 'vitest';
import { httpTrace } from '../http/httpTrace';
import { hopOf, onlyPath, stepsOf } from '../support/traceOf';

test.each([
  [[], 'the proxy has no clusters'],
  [['a'], 'the only cluster of the proxy has another name'],
  [['a', 'b'], 'none of the 2 clusters of the proxy has this name'],
])('a cluster that is not there, beside %j', (clusters, because) => {
  const routes = 'virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: z}}]}]';
  expect(stepsOf(hopOf(onlyPath(httpTrace({ routes, clusters }))), 'cluster')[0]?.because).toBe(because);
});
