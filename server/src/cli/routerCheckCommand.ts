/** `envoy-lens router-check`: test files of Envoy's router_check_tool, unchanged. Exit status 1 when a test fails. */
import { done, failed, UsageError, type Command } from './commandLine';
import { parseArguments } from './parseArguments';
import { runRouterCheck } from './routerCheck';

export const routerCheckCommand: Command = async (args, host) => {
  const parsed = parseArguments(args, {
    '-c': 'value',
    '--config-path': 'value',
    '-t': 'value',
    '--test-path': 'value',
    '--format': 'value',
  });
  const format = parsed.choice('--format', ['text', 'json']) ?? 'text';
  const config = parsed.value('-c') ?? parsed.value('--config-path');
  const tests = parsed.value('-t') ?? parsed.value('--test-path');
  if (config === undefined || tests === undefined) throw new UsageError('router-check needs -c CONFIG and -t TESTS');
  const { results } = runRouterCheck(await host.readFile(config), await host.readFile(tests), { config, tests });
  const failures = results.filter(({ passed }) => !passed);
  const lines = results.flatMap(({ test_name, passed, failures: reasons }) => [
    `${passed ? 'passed' : 'FAILED'}  ${test_name}`,
    ...reasons.map((reason) => `        ${reason}`),
  ]);
  const output =
    format === 'json'
      ? `${JSON.stringify(results, null, 2)}\n`
      : `${lines.join('\n')}\n${results.length - failures.length} passed, ${failures.length} failed\n`;
  return failures.length > 0 ? failed(output) : done(output);
};
