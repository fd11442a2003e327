/** What commands read: the files as one snapshot, with what is wrong with their text. */
import { buildSnapshot, proxiesOf } from '../index/buildSnapshot';
import type { DocumentFacts } from '../index/documentFacts';
import { NO_NODE } from '../syntax/tree/syntaxTree';
import { locationOfSpan } from '../trace/record/locationOf';
import { UsageError, type CommandHost } from './commandLine';
import { describeForeign } from './describeForeign';
import { printable } from '../protocol/printable';
import type { Snapshot } from '../index/snapshot';

export interface Configuration {
  readonly snapshot: Snapshot;
  /** Lines for standard error: of files that hold nothing of ours, are broken off, or are no JSON or YAML. */
  readonly warning?: string;
}

/** Throws UsageError where none of the files holds anything of Envoy or Istio. */
export async function readConfiguration(host: CommandHost, files: readonly string[]): Promise<Configuration> {
  const { snapshot, foreign } = await readFiles(host, files);
  const all = [...snapshot.documents.values()];
  if (snapshot.proxies.length === 0)
    throw new UsageError([nothingFound(files, foreign), ...all.flatMap(firstError).slice(0, 1)].join('; '));
  const broken = all.filter(({ uri }) => !foreign.has(uri)).flatMap(firstError);
  return { snapshot, ...warningOf([...foreignLines(foreign), ...broken]) };
}

/** The same for commands that take what there is: links, lint. */
export async function readWhatever(host: CommandHost, files: readonly string[]): Promise<Configuration> {
  const { snapshot, foreign } = await readFiles(host, files);
  return { snapshot, ...warningOf(foreignLines(foreign)) };
}

/** Those of the files named by hand that hold nothing of ours, and what they hold. */
type Foreign = ReadonlyMap<string, string>;

async function readFiles(host: CommandHost, files: readonly string[]): Promise<{ snapshot: Snapshot; foreign: Foreign }> {
  const sources = await host.readSources(files);
  const snapshot = buildSnapshot(sources);
  const named = sources.filter(({ isFromFolder }) => isFromFolder !== true);
  const foreign = named.flatMap(({ uri }) => {
    const facts = snapshot.documents.get(uri);
    return facts && isForeign(snapshot, facts) ? [[uri, describeForeign(snapshot, facts)] as const] : [];
  });
  return { snapshot, foreign: new Map(foreign) };
}

/** Of no proxy, and none of Istio's own resources. */
function isForeign(snapshot: Snapshot, { uri, parts }: DocumentFacts): boolean {
  return proxiesOf(snapshot, uri).length === 0 && !parts.some(({ kind }) => kind === 'istio');
}

const NAMED = 3;

/** Example: `no Envoy or Istio configuration was found in a.html: it begins with "<!DOCTYPE html>"` */
function nothingFound(files: readonly string[], foreign: Foreign): string {
  const all = [...foreign].slice(0, NAMED);
  const described = all.map(([uri, each]) => (all.length === 1 ? each : `${uri}: ${each}`));
  const what = all.length === 0 ? '' : `: ${described.join('; ')}`;
  return `no Envoy or Istio configuration was found in ${files.join(', ')}${what}`;
}

function foreignLines(foreign: Foreign): string[] {
  return [...foreign].map(([uri, described]) => `${uri} holds no Envoy or Istio configuration: ${described}`);
}

function warningOf(lines: readonly string[]): Pick<Configuration, 'warning'> {
  return lines.length === 0 ? {} : { warning: lines.map((line) => printable(`envoy-lens: ${line}`)).join('\n') };
}

/** Example: `envoy.yaml:3:5: All mapping items must start at the same column` */
function firstError({ tree }: DocumentFacts): string[] {
  const problem = tree.problems.find(({ severity }) => severity === 'error');
  if (!problem) return [];
  const { uri, line, column } = locationOfSpan(tree, tree.roots[0] ?? NO_NODE, problem.span);
  return [`${uri}:${line}:${column}: ${problem.message.replace(/\s+/g, ' ')}`];
}
