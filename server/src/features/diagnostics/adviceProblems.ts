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
  const advice: Advice[] = [];
  let looked = 0;
  for (const part of facts.parts)
    for (const index of checkedResources(part)) {
      if (isNoted(part.list, index, NOTE.flawless)) continue;
      const given = adviceOn(part.list, index, { collector, checks });
      if (given.length === 0) note(part.list, index, NOTE.flawless);
      advice.push(...given);
      if (++looked % STEP === 0) yield (part.list.nodes[index] ?? 0) / facts.tree.size;
    }
  return advice;
}

interface Looking {
  readonly collector: ReturnType<typeof messageCollector>;
  readonly checks: ReadonlyMap<string, readonly Check[]>;
}

/** Inner messages that are known to be flawless are passed over. */
function adviceOn(resources: ResourceList, index: number, { collector: { found, collect }, checks }: Looking): Advice[] {
  const resource = resources.at(index);
  if (!resource) return [];
  const { tree, id } = resource.node;
  const list = innerListOf(tree, id, resource.kind);
  const inner = list === NO_NODE ? [] : tree.children(list);
  const notes = inner.length > 0 ? resources.innerNotesAt(index) : [];
  const first = found.size;
  collect(id, messageOf(resource), new Set(inner.filter((_, at) => notes[at] === NOTE.flawless)));
  for (const at of inner.keys()) notes[at] = NOTE.flawless;
  return found.nodes.slice(first).flatMap((node, at): Advice[] => {
    const message = new ConfigNode(tree, node);
    const advice = (checks.get(found.types[first + at]?.name ?? '') ?? []).flatMap(({ code, check }) =>
      check(message).flatMap((problem) => (problem ? { code, problem } : [])),
    );
    const around = findFirst(inner.length, (next) => (inner[next] ?? 0) > node) - 1;
    if (advice.length > 0 && around >= 0) notes[around] = 0;
    return advice;
  });
}

/** Resources that are looked at in about a millisecond. */
const STEP = 256;

function checksByType(rules: readonly AdviceRule[]): ReadonlyMap<string, readonly Check[]> {
  const byType = new Map<string, Check[]>();
  for (const { code, checks } of rules) for (const [type, check] of Object.entries(checks)) addToGroup(byType, type, { code, check });
  return byType;
}
