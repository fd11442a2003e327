import { describe, expect, test } from 'vitest';
import { hopOf, onlyPath, stepsOf } from '../support/traceOf';
import { httpTrace } from './httpTrace';

const HOSTS = `
name: rc
virtual_hosts:
- {name: exact, domains: [foo.com, "foo.com:8080"], routes: [{match: {prefix: /}, route: {cluster: a}}]}
- {name: suffix, domains: ["*.foo.com"], routes: [{match: {prefix: /}, route: {cluster: a}}]}
- {name: longer, domains: ["*-bar.foo.com"], routes: [{match: {prefix: /}, route: {cluster: a}}]}
- {name: com, domains: ["*.com"], routes: [{match: {prefix: /}, route: {cluster: a}}]}
- {name: prefix, domains: ["foo.*"], routes: [{match: {prefix: /}, route: {cluster: a}}]}
- {name: inner, domains: ["x*y"], routes: [{match: {prefix: /}, route: {cluster: a}}]}
- {name: any, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: a}}]}
`;

describe('the virtual host', () => {
  test.each([
    ['foo.com', 'exact'],
    ['FOO.com', 'exact'],
    ['foo.com:8080', 'exact'],
    ['foo.com:81', 'prefix'],
    ['w.foo.com', 'suffix'],
    ['x-bar.foo.com', 'longer'],
    ['-bar.foo.com', 'suffix'],
    ['.foo.com', 'com'],
    ['foo.org', 'prefix'],
    ['foo.', 'any'],
    ['x*y', 'inner'],
    ['xzy', 'any'],
  ])('of %s is %s', (authority, name) => {
    expect(hopOf(onlyPath(httpTrace({ routes: HOSTS }, { authority }))).virtualHost).toBe(name);
  });

  test('is chosen without port where the configuration ignores it', () => {
    const routes = `${HOSTS}\nignore_port_in_host_matching: true`;
    expect(hopOf(onlyPath(httpTrace({ routes }, { authority: 'foo.com:81' }))).virtualHost).toBe('exact');
    expect(hopOf(onlyPath(httpTrace({ routes }, { authority: '[::1]:81' }))).virtualHost).toBe('any');
  });

  test('is chosen by vhost_header, and by nothing when that header is not there', () => {
    const routes = `${HOSTS}\nvhost_header: x-host`;
    expect(hopOf(onlyPath(httpTrace({ routes }, { headers: { 'x-host': 'w.foo.com' } }))).virtualHost).toBe('suffix');
    expect(onlyPath(httpTrace({ routes })).disposition).toBe('no_route');
  });

  test('names the others whose domains would fit', () => {
    const [step] = stepsOf(hopOf(onlyPath(httpTrace({ routes: HOSTS }, { authority: 'foo.com' }))), 'virtual_host');
    expect(step?.rejected.map(({ candidate }) => candidate)).toEqual(['virtual host `com`', 'virtual host `prefix`', 'virtual host `any`']);
    expect(step?.at?.pointer).toMatch(/\/virtual_hosts\/0\/domains\/0$/);
  });

  test.each([
    ['foo.*', '*.com', '`*.com` comes first: a star at the beginning is tried before one at the end'],
    ['*.com', '*oo.com', '`*oo.com` is longer'],
    ['*.com', 'foo.com', '`foo.com` is the host itself'],
    ['*', 'foo.*', '`foo.*` is nearer'],
  ])('%s loses against %s', (loser, winner, why) => {
    const route = '{match: {prefix: /}, route: {cluster: a}}';
    const routes = `virtual_hosts: [${[loser, winner].map((domain) => `{name: "${domain}", domains: ["${domain}"], routes: [${route}]}`).join(', ')}]`;
    const [step] = stepsOf(hopOf(onlyPath(httpTrace({ routes }, { authority: 'foo.com' }))), 'virtual_host');
    expect(step?.rejected[0]?.because).toBe(`its domain \`${loser}\` fits too, ${why}`);
  });

  test('is final: without a fitting route the answer is 404, not another virtual host', () => {
    const routes = `
name: rc
virtual_hosts:
- {name: v, domains: [a.test], routes: [{match: {path: /x}, route: {cluster: a}}]}
- {name: any, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: a}}]}`;
    const path = onlyPath(httpTrace({ routes }, { path: '/y' }));
    expect(path.disposition).toBe('no_route');
    expect(path.response).toEqual({ code: 404, flags: ['NR'], details: 'route_not_found' });
  });

  test('says that only external requests have to come by https', () => {
    const routes =
      'virtual_hosts: [{name: v, domains: ["*"], require_tls: EXTERNAL_ONLY, routes: [{match: {prefix: /}, route: {cluster: a}}]}]';
    const steps = stepsOf(hopOf(onlyPath(httpTrace({ routes }))), 'virtual_host');
    expect(steps[1]?.because).toBe('require_tls is `EXTERNAL_ONLY`, the request is not internal, and x-forwarded-proto is `http`');
  });

  test('redirects to https by x-forwarded-proto', () => {
    const routes = 'virtual_hosts: [{name: v, domains: ["*"], require_tls: ALL, routes: [{match: {prefix: /}, route: {cluster: a}}]}]';
    const path = onlyPath(httpTrace({ routes }, { authority: 'a.test:8080', path: '/p?q' }));
    expect(path.disposition).toBe('redirect');
    expect(path.response).toMatchObject({ code: 301, location: 'https://a.test:8080/p?q', details: 'direct_response' });
    expect(onlyPath(httpTrace({ routes }, { headers: { 'x-forwarded-proto': 'https' } })).disposition).toBe('upstream');
  });
});

test('a route configuration without a name is called inline where a file keeps back its domains', () => {
  const missing = (name: string): string[] | undefined =>
    onlyPath(httpTrace({ routes: `{${name}virtual_hosts: [{name: v, domains: ["[redacted]"], routes: []}]}` })).missing;
  expect(missing('')).toEqual(['the domains of a virtual host of the inline route configuration, which the file keeps back']);
  expect(missing('name: rc, ')).toEqual(['the domains of a virtual host of route configuration `rc`, which the file keeps back']);
});
