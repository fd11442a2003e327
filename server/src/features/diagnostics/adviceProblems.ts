/** What the rules that look at messages by themselves find in a document. Resources in which they found nothing are not looked at again. */
import { messageOf } from '../../index/collectNames';
import type { DocumentFacts } from '../../index/documentFacts';
import { messageCollector } from '../../schema/collectMessages';
import { ConfigNode } from '../../schema/configNode';
import { NO_NODE } from '../../syntax/syntaxTree';
import type { Steps } from '../../text/steps';
import { checkedResources } from './documentMessages';
import { isNoted, note, NOTE } from './resourceNotes';
import type { AdviceRule, Problem } from './rule';

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
  const { found, collect } = messageCollector(facts.tree, ({ name }) => checks.has(name));
  const advice: Advice[] = [];
  let looked = 0;
  for (const part of facts.parts)
    for (const resource of checkedResources(part)) {
      if (isNoted(resource, NOTE.flawless)) continue;
      const first = found.size;
      const before = advice.length;
      collect(resource.node.id, messageOf(resource));
      for (let index = first; index < found.size; index++) {
        const message = new ConfigNode(facts.tree, found.nodes[index] ?? NO_NODE);
        for (const { code, check } of checks.get(found.types[index]?.name ?? '') ?? [])
          for (const problem of check(message)) if (problem) advice.push({ code, problem });
      }
      if (advice.length === before) note(resource, NOTE.flawless);
      if (++looked % STEP === 0) yield resource.node.id / facts.tree.size;
    }
  return advice;
}

/** Resources that are looked at in about a millisecond. */
const STEP = 256;

function checksByType(rules: readonly AdviceRule[]): ReadonlyMap<string, readonly Check[]> {
  const byType = new Map<string, Check[]>();
  for (const { code, checks } of rules)
    for (const [type, check] of Object.entries(checks)) {
      const known = byType.get(type);
      if (known) known.push({ code, check });
      else byType.set(type, [{ code, check }]);
    }
  return byType;
}
