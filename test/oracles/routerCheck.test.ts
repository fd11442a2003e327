/** Test files of Envoy's router_check_tool (`router_check/NAME.yaml` with `NAME.golden.proto.json`, either as JSON or YAML), by our command's core. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadModule } from './loadModule';
import { listOracleFiles, type OracleFile } from './oracleFolders';
import { failuresOf, isWanted, reportCases, runCase, type CaseResult } from './report';

interface CheckReport {
  readonly results: readonly { readonly test_name: string; readonly passed: boolean; readonly failures: readonly string[] }[];
}

type RunRouterCheck = (configText: string, testsText: string, uris: { config: string; tests: string }) => CheckReport;

test('router_check_tool files pass', { timeout: 60_000 }, async () => {
  const command = await loadModule<{ runRouterCheck: RunRouterCheck }>('cli/routerCheck.ts');
  const configs = ['.yaml', '.yml', '.json'].flatMap((suffix) => listOracleFiles('router_check', suffix));
  const results = configs.flatMap((file) => checkFile(command?.runRouterCheck, file));
  reportCases('router_check', results);
  expect(failuresOf(results).length, 'cases do not agree: see the report above').toBe(0);
});

const TESTS = ['.golden.proto.json', '.golden.proto.yaml', '.golden.proto.yml'];

function checkFile(runRouterCheck: RunRouterCheck | undefined, file: OracleFile): CaseResult[] {
  const stem = file.path.replace(/(\.config)?\.\w+$/u, '');
  const tests = TESTS.map((suffix) => stem + suffix).find((path) => existsSync(path));
  if (tests === undefined) return [];
  if (!runRouterCheck) return [{ file: file.name, name: 'all', verdict: 'not_checked', because: 'there is no router-check yet' }];
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
