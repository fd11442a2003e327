/** Test files of Envoy's router_check_tool (`router_check/NAME.yaml` with `NAME.golden.proto.json`, either as JSON or YAML), by our command's core. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runRouterCheck } from '../../server/src/cli/routerCheck/routerCheck';
import { listOracleFiles, type OracleFile } from './oracleFolders';
import { failuresOf, isWanted, reportCases, runCase, type CaseResult } from './report';

test('router_check_tool files pass', { timeout: 60_000 }, () => {
  const configs = ['.yaml', '.yml', '.json'].flatMap((suffix) => listOracleFiles('router_check', suffix));
  const results = configs.flatMap(checkFile);
  reportCases('router_check', results);
  expect(failuresOf(results).length, 'cases do not agree: see the report above').toBe(0);
});

const TESTS = ['.golden.proto.json', '.golden.proto.yaml', '.golden.proto.yml'];

function checkFile(file: OracleFile): CaseResult[] {
  const stem = file.path.replace(/(\.config)?\.\w+$/u, '');
  const tests = TESTS.map((suffix) => stem + suffix).find((path) => existsSync(path));
  if (tests === undefined) return [];
  const results: CaseResult[] = [];
  const whole = runCase({ file: file.name, name: 'runs' }, () => {
    const uris = { config: `oracle:/${file.name}`, tests: `oracle:/${file.name}.tests` };
    const report = runRouterCheck(readFileSync(file.path, 'utf8'), readFileSync(tests, 'utf8'), uris);
    const wanted = report.results.filter(({ test_name }) => isWanted(test_name, file.name));
    for (const { test_name, passed, failures } of wanted)
      results.push({
        file: file.name,
        name: test_name,
        verdict: passed ? 'agree' : 'disagree',
        because: passed ? undefined : failures.join('; '),
      });
    return report.results.length > 0 ? { verdict: 'agree' } : { verdict: 'disagree', because: 'no test was read' };
  });
  return whole.verdict === 'agree' ? results : [whole];
}
