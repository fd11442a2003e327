/** What commands read: the files as one snapshot, with what is wrong with their text. */
import { buildSnapshot, type Snapshot } from '../index/buildSnapshot';
import type { DocumentFacts } from '../index/documentFacts';
import { NO_NODE } from '../syntax/tree/syntaxTree';
import { locationOfSpan } from '../trace/record/locationOf';
import { UsageError, type CommandHost } from './commandLine';

export interface Configuration {
  readonly snapshot: Snapshot;
  /** A line for every file that is broken off or no JSON or YAML: what stands behind that place may be read wrongly. */
  readonly warning?: string;
}

/** Throws UsageError where none of the files holds anything of Envoy or Istio. */
export async function readConfiguration(host: CommandHost, files: readonly string[]): Promise<Configuration> {
  const snapshot = buildSnapshot(await host.readSources(files));
  const broken = [...snapshot.documents.values()].flatMap(firstError);
  if (snapshot.proxies.length === 0)
    throw new UsageError(`no Envoy or Istio configuration was found in ${[files.join(', '), ...broken.slice(0, 1)].join('; ')}`);
  return { snapshot, ...(broken.length > 0 && { warning: broken.map((line) => `envoy-lens: ${line}`).join('\n') }) };
}

/** Example: `envoy.yaml:3:5: All mapping items must start at the same column` */
function firstError({ tree }: DocumentFacts): string[] {
  const problem = tree.problems.find(({ severity }) => severity === 'error');
  if (!problem) return [];
  const { uri, line, column } = locationOfSpan(tree, tree.roots[0] ?? NO_NODE, problem.span);
  return [`${uri}:${line}:${column}: ${problem.message.replace(/\s+/g, ' ')}`];
}
