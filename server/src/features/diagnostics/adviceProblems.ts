/** What the rules that look at messages by themselves find in a document. Resources in which they found nothing are not looked at again. */
import { messageOf } from '../../index/names/collectNames';
import type { ResourceList } from '../../model/resources/resourceList';
import type { DocumentFacts } from '../../index/documentFacts';
import { messageCollector } from '../../schema/walk/collectMessages';
import { innerListOf } from '../../model/resources/innerMessages';
import { ConfigNode } from '../../schema/configNode';
import { NO_NODE } from '../../syntax/tree/syntaxTree';
import { findFirst } from '../../text/findFirst';
import type { Steps } from '../../text/steps';
import { checkedResources } from './documentMessages';
import { isNoted, note, NOTE } from '../../model/resources/resourceNotes';
import type { AdviceRule, Problem } from './rule';
import { addToGroup } from '../../text/addToGroup';

interface Check {
  readonly code: string;
  readonly check: AdviceRule['checks'][string];
}

export interface Advice {
  readonly code: string;
  readonly problem: Problem;
}

/** `rules`: always the same ones; what is noted of a resource holds for all of them. */
export function* adviceProblems(facts: DocumentFacts, rules: readonly AdviceRule[]): Steps<Advice[]> {
  const checks = checksByType(rules);
  const collector = messageCollector(facts.tree, ({ name }) => checks.has(name));
  const looking: Looking = { collector, checks, nodes: 0 };
  const advice: Advice[] = [];
  for (const part of facts.parts)
    for (const index of checkedResources(part)) {
      if (isNoted(part.list, index, NOTE.flawless)) continue;
      const given = yield* adviceOn(part.list, index, looking);
      if (given.length === 0) note(part.list, index, NOTE.flawless);
      advice.push(...(part.kind === 'dump' ? given.map((each) => asInDump(each, rules)) : given));
    }
  return advice;
}

function asInDump({ code, problem }: Advice, rules: readonly AdviceRule[]): Advice {
  const severity = rules.find((rule) => rule.code === code)?.severityInDumps;
  return { code, problem: severity === undefined ? problem : { ...problem, severity } };
}

interface Looking {
  readonly collector: ReturnType<typeof messageCollector>;
  readonly checks: ReadonlyMap<string, readonly Check[]>;
  /** How many were looked at in this step. */
  nodes: number;
}

/** Inner messages that are known to be flawless are passed over. A gateway's route configuration has tens of thousands of messages. */
function* adviceOn(resources: ResourceList, index: number, looking: Looking): Steps<Advice[]> {
  const { checks, collector } = looking;
  const { found, collect } = collector;
  const resource = resources.at(index);
  if (!resource) return [];
  const { tree, id } = resource.node;
  const list = innerListOf(tree, id, resource.kind);
  const inner = list === NO_NODE ? [] : tree.children(list);
  const notes = inner.length > 0 ? resources.innerNotesAt(index) : [];
  const first = found.size;
  collect(id, messageOf(resource), new Set(inner.filter((_, at) => notes[at] === NOTE.flawless)));
  if (isStepDone(looking, tree.next(id) - id)) yield id / tree.size;
  const advice: Advice[] = [];
  const flawed = new Set<number>();
  for (let at = first; at < found.size; at++) {
    const node = found.nodes[at] ?? NO_NODE;
    const given = adviceOnMessage(new ConfigNode(tree, node), checks.get(found.types[at]?.name ?? '') ?? []);
    if (given.length > 0) flawed.add(findFirst(inner.length, (next) => (inner[next] ?? 0) > node) - 1);
    advice.push(...given);
    if (isStepDone(looking, tree.next(node) - node)) yield node / tree.size;
  }
  // Not before: whoever drives this may have dropped it on the way.
  for (const at of inner.keys()) notes[at] = flawed.has(at) ? 0 : NOTE.flawless;
  return advice;
}

function adviceOnMessage(message: ConfigNode, checks: readonly Check[]): Advice[] {
  return checks.flatMap(({ code, check }) => check(message).flatMap((problem) => (problem ? { code, problem } : [])));
}

/** Messages of so many nodes are looked at in about a millisecond. */
const NODES = 4096;

function isStepDone(looking: Looking, nodes: number): boolean {
  looking.nodes += nodes;
  if (looking.nodes < NODES) return false;
  looking.nodes = 0;
  return true;
}

function checksByType(rules: readonly AdviceRule[]): ReadonlyMap<string, readonly Check[]> {
  const byType = new Map<string, Check[]>();
  for (const { code, checks } of rules) for (const [type, check] of Object.entries(checks)) addToGroup(byType, type, { code, check });
  return byType;
}
