/** Writes what the real Envoy did in the shape of `envoy_observed/`: golden cases that need no Envoy. */
import { writeFileSync } from 'node:fs';
import { CACHE } from './labFolders';
import type { PairResult } from './runCases';

/** One scenario a line. Certificates stand where a reader would put them; unclear pairs are left out. */
export function recordScenarios(path: string, pairs: readonly PairResult[]): void {
  const scenarios = new Map<number, PairResult[]>();
  for (const pair of pairs) {
    if (pair.verdict === 'unclear') continue;
    scenarios.set(pair.placed.index, [...(scenarios.get(pair.placed.index) ?? []), pair]);
  }
  const lines = [...scenarios.values()].map((own) => {
    const placed = own[0]?.placed;
    const requests = own.map(({ request, outcomes }, index) => ({
      name: `r${index}`,
      request: request.request,
      repeat: request.repeat,
      outcomes,
    }));
    const scenario = {
      name: `${placed?.area ?? ''}-${placed?.index ?? 0}`,
      area: placed?.area,
      config: placed?.bootstrap,
      files: placed?.files ?? {},
      requests,
    };
    return JSON.stringify(scenario).replaceAll(`${CACHE}/certificates/`, '/etc/lab/');
  });
  writeFileSync(path, `${lines.join('\n')}\n`);
}
