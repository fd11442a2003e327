/** `envoy-lens router-check`: test files of Envoy's router_check_tool, unchanged, with the tool's own options. Exit status 1 when a test fails. */
import { describeRouteMatch } from '../model/summary/routeSummary';
import { locationOf } from '../trace/record/locationOf';
import { done, failed, UsageError, type Command, type CommandResult } from './commandLine';
import { parseArguments, type OptionKind, type ParsedArguments } from './parseArguments';
import { runRouterCheck } from './routerCheck/routerCheck';
import type { RouterCheckCoverage } from './routerCheck/routerCheckCoverage';

const OPTIONS: Readonly<Record<string, OptionKind>> = {
  '-c': 'value',
  '--config-path': 'value',
  '-t': 'value',
  '--test-path': 'value',
  '-f': 'value',
  '--fail-under': 'value',
  '--covall': 'flag',
  '--detailed-coverage': 'flag',
  '--only-show-failures': 'flag',
  // Taken, so that the tool's command lines run: details are always shown, and deprecated fields are lint's business.
  '-d': 'flag',
  '--details': 'flag',
  '-p': 'flag',
  '--useproto': 'flag',
  '--disable-deprecation-check': 'flag',
  '--format': 'value',
};

export const routerCheckCommand: Command = async (args, host) => {
  const parsed = parseArguments(args, OPTIONS);
  const format = parsed.choice('--format', ['text', 'json']) ?? 'text';
  const config = parsed.value('-c') ?? parsed.value('--config-path');
  const tests = parsed.value('-t') ?? parsed.value('--test-path');
  if (config === undefined || tests === undefined) throw new UsageError('router-check needs -c CONFIG and -t TESTS');
  const limit = readLimit(parsed.value('-f') ?? parsed.value('--fail-under'));
  const { results, coverage } = runRouterCheck(await host.readFile(config), await host.readFile(tests), { config, tests });
  const failures = results.filter(({ passed }) => !passed);
  const shown = parsed.flag('--only-show-failures') ? failures : results;
  if (format === 'json') return judge(`${JSON.stringify(shown, null, 2)}\n`, { failures: failures.length, limit, coverage, parsed });
  const lines = shown.flatMap(({ test_name, passed, failures: reasons }) => [
    `${passed ? 'passed' : 'FAILED'}  ${test_name}`,
    ...reasons.map((reason) => `        ${reason}`),
  ]);
  // As in the tool, what is not tested is told once all tests pass.
  if (coverage && failures.length === 0) lines.push(...describeCoverage(coverage, parsed));
  lines.push(`${results.length - failures.length} passed, ${failures.length} failed`);
  return judge(`${lines.join('\n')}\n`, { failures: failures.length, limit, coverage, parsed });
};

/** A percentage. */
function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (text.trim() === '' || !Number.isFinite(limit)) throw new UsageError(`--fail-under must be a number, not ${text}`);
  return limit;
}

interface Judged {
  readonly failures: number;
  readonly limit: number | undefined;
  readonly coverage: RouterCheckCoverage | undefined;
  readonly parsed: ParsedArguments;
}

function judge(output: string, { failures, limit, coverage, parsed }: Judged): CommandResult {
  if (failures > 0) return failed(output);
  const isBelow = limit !== undefined && coverage !== undefined && percentOf(coverage, parsed) < limit;
  return isBelow ? failed(output, `Failed to meet coverage requirement: ${limit}%`) : done(output);
}

function percentOf({ routes, fields }: RouterCheckCoverage, parsed: ParsedArguments): number {
  return parsed.flag('--covall') ? fields : routes;
}

/** In the tool's words, each route with its line; a number as C++ prints it. */
function describeCoverage(coverage: RouterCheckCoverage, parsed: ParsedArguments): string[] {
  const missing = parsed.flag('--covall') || parsed.flag('--detailed-coverage') ? coverage.missing : [];
  return [
    ...missing.map(({ virtualHost, route }) => {
      const what = parsed.flag('--covall') ? `route: ${describeRouteMatch(route)}` : `route name: ${route.string('name')}`;
      const { uri, line } = locationOf(route);
      return `Missing test for host: ${virtualHost}, ${what} (${uri}:${line})`;
    }),
    `Current route coverage: ${Number(percentOf(coverage, parsed).toPrecision(6))}%`,
  ];
}
