import { describe, expect, test } from 'vitest';
import { UsageError, type CommandHost } from '../../../server/src/cli/commandLine';
import { runCommandLine } from '../../../server/src/cli/runCommandLine';
import { whole } from './whole';

const FILES: Record<string, string> = {
  'routes.yaml': `
virtual_hosts:
- name: v
  domains: ['*']
  routes:
  - {name: first, match: {prefix: /a}, route: {cluster: a}}
  - {name: second, match: {prefix: /b}, route: {cluster: b}}
`,
  'good.yaml': 'tests: [{test_name: one, input: {authority: h, path: /a, method: GET}, validate: {cluster_name: a}}]',
  'bad.yaml': `tests:
- {test_name: one, input: {authority: h, path: /a, method: GET}, validate: {cluster_name: a}}
- {test_name: two, input: {authority: h, path: /b, method: GET}, validate: {cluster_name: a}}`,
};

const host: CommandHost = {
  colours: false,
  columns: 120,
  exists: (path) => path in FILES,
  readFile: (path) => {
    const text = FILES[path];
    return text === undefined ? Promise.reject(new UsageError(`cannot read ${path}`)) : Promise.resolve(text);
  },
  readSources: () => Promise.resolve([]),
};

const check = async (tests: string, ...options: string[]) =>
  whole(await runCommandLine(['router-check', '-c', 'routes.yaml', '-t', tests, ...options], host));

describe("router-check takes the tool's options", () => {
  test('the coverage is told once all tests pass', async () => {
    expect((await check('good.yaml', '--details')).output).toBe('passed  one\nCurrent route coverage: 50%\n1 passed, 0 failed\n');
    expect((await check('bad.yaml')).output).not.toContain('coverage');
  });

  test('too little of it is a failure', async () => {
    expect((await check('good.yaml', '-f', '50')).status).toBe(0);
    expect(await check('good.yaml', '--fail-under=50.5')).toMatchObject({ status: 1, error: 'Failed to meet coverage requirement: 50.5%' });
    expect((await check('good.yaml', '-f', '20', '--covall')).status).toBe(1);
    expect((await check('good.yaml', '-f', 'much')).status).toBe(2);
  });

  test('routes that no test reaches are named', async () => {
    expect((await check('good.yaml', '--detailed-coverage')).output).toContain(
      'Missing test for host: v, route name: second (routes.yaml:7)\n',
    );
    expect((await check('good.yaml', '--covall')).output).toContain('Missing test for host: v, route: prefix /b (routes.yaml:7)\n');
  });

  test('failures alone, if one asks for them', async () => {
    const { status, output } = await check('bad.yaml', '--only-show-failures');
    expect(status).toBe(1);
    expect(output).toBe('FAILED  two\n        expected: [a], actual: [b], test type: cluster_name\n1 passed, 1 failed\n');
  });
});
