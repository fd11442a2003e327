/** Configurations that Envoy refuses (`rejected_configs.json`): lint must have an error. */
import { expect, test } from 'vitest';
import { checkRefusal } from './checkRefusal';
import { findOracleFiles, readJson } from './oracleFolders';
import { notApplicable } from './rejectedNotApplicable';
import { failuresOf, isWanted, reportCases, type CaseResult } from './report';

interface RejectedConfig {
  readonly test: string;
  /** A listener, cluster, route configuration or bootstrap. */
  readonly config: unknown;
  /** Envoy's words. */
  readonly message: string;
}

test('what Envoy refuses has an error', { timeout: 120_000 }, () => {
  const results: CaseResult[] = [];
  for (const file of findOracleFiles('rejected_configs.json')) {
    const configs = readJson(file.path) as RejectedConfig[];
    for (const [index, { test: name, config, message }] of configs.entries()) {
      const identity = { file: file.name, name: `${name} #${index}`, area: kindOf(config) };
      if (!isWanted(identity.name, identity.area)) continue;
      const reason = notApplicable.get(name);
      results.push(
        reason === undefined
          ? { ...identity, ...checkRefusal([{ uri: 'oracle:/rejected.json', text: JSON.stringify(config, null, 1) }], message) }
          : { ...identity, verdict: 'excepted', because: reason },
      );
    }
  }
  reportCases('rejected_configs', results);
  expect(failuresOf(results).length, 'cases do not agree: see the report above').toBe(0);
});

/** Told by its members. */
function kindOf(config: unknown): string {
  const has = (field: string): boolean => typeof config === 'object' && config !== null && field in config;
  if (has('static_resources')) return 'bootstrap';
  if (has('virtual_hosts') || has('vhds')) return 'route_configuration';
  if (has('filter_chains') || has('listener_filters') || has('address')) return 'listener';
  return 'cluster';
}
