import { expect, test } from 'vitest';
import { decidingStep } from '../../../../server/src/protocol/decidingStep';
import { renderText } from '../../../../server/src/trace/render/renderText';
import { httpTrace } from '../http/httpTrace';
import { onlyPath } from '../support/traceOf';

const ROUTES = `
name: rc
virtual_hosts:
- {name: v, domains: [a.test], routes: [{name: one, match: {path: /x}, route: {cluster: a}}]}`;

test('a request without a route is told with the conditions that were not met, not with the filters behind', () => {
  const trace = httpTrace({ routes: ROUTES }, { authority: 'a.test', path: '/y' });
  expect(decidingStep(onlyPath(trace))).toMatchObject({ stage: 'route', decision: 'no route takes the request' });
  expect(renderText(trace)).toMatch(/why: no route takes the request .*\n {8}not route `one`: path is `\/y`, must be `\/x` /);
});

test('a host without a virtual host is told with the domains there are', () => {
  const trace = httpTrace({ routes: ROUTES }, { authority: 'b.test' });
  expect(renderText(trace)).toMatch(
    /no virtual host has a domain for `b.test`\n {8}not virtual host `v`: host is `b.test`, must fit `a.test` /,
  );
});

test('of many virtual hosts the nearest are told first', () => {
  const many = Array.from({ length: 300 }, (_, at) => `- {name: v${at}, domains: [other.test, s${at}.shop.svc], routes: []}`).join('\n');
  const text = renderText(httpTrace({ routes: `name: rc\nvirtual_hosts:\n${many}` }, { authority: 's217.shpo.svc' }));
  expect(text).toContain('\n        not virtual host `v217`: host is `s217.shpo.svc`, must fit `s217.shop.svc`, `other.test` ');
});

test('a port that no domain has is told', () => {
  const text = renderText(httpTrace({ routes: ROUTES }, { authority: 'a.test:81' }));
  expect(text).toContain('no virtual host has a domain for `a.test:81`; without the port, `a.test` of virtual host `v` would fit');
});

test('what happens to the answer is not why the request failed', () => {
  const manager =
    'local_reply_config: {mappers: [{filter: {status_code_filter: {comparison: {op: EQ, value: {default_value: 404, runtime_key: k}}}}, status_code: 410}]}';
  const trace = httpTrace({ routes: ROUTES, manager }, { authority: 'a.test', path: '/y' });
  const path = onlyPath(trace);
  expect(path.response?.code).toBe(410);
  expect(path.hops[0]?.steps.filter(({ onAnswer }) => onAnswer).map(({ decision }) => decision)).toEqual(['the answer becomes 410']);
  expect(renderText(trace)).toContain('why: no route takes the request');
});
