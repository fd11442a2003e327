/** What the rules that look at messages by themselves find in a document. Resources in which they found nothing are not looked at again. */
import { messageOf } from '../../index/collectNames';
import type { Resource } from '../../model/resource';
import type { DocumentFacts } from '../../index/documentFacts';
import { messageCollector } from '../../schema/collectMessages';
import { ConfigNode } from '../../schema/configNode';
import type { Steps } from '../../text/steps';
import { checkedResources } from './documentMessages';
import { VIRTUAL_HOST } from './messageNames';
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
      collect(resource.node.id, messageOf(resource));
      const messages = found.nodes.slice(first).map((id, at) => ({
        message: new ConfigNode(facts.tree, id),
        type: found.types[first + at]?.name ?? '',
      }));
      const given = adviceOn(resource, messages, checks);
      if (given.length === 0) note(resource, NOTE.flawless);
      advice.push(...given);
      if (++looked % STEP === 0) yield resource.node.id / facts.tree.size;
    }
  return advice;
}

interface TypedMessage {
  readonly message: ConfigNode;
  readonly type: string;
}

/** Of a route configuration the virtual hosts that are known to be flawless are passed over. */
function adviceOn(
  { kind, content: { virtualHosts } }: Resource,
  messages: readonly TypedMessage[],
  checks: ReadonlyMap<string, readonly Check[]>,
): Advice[] {
  const advice: Advice[] = [];
  let host = -1;
  for (const { message, type } of messages) {
    const isHost = kind === 'route_configuration' && type === VIRTUAL_HOST;
    if (isHost && virtualHosts[++host] === NOTE.flawless) continue;
    const before = advice.length;
    for (const { code, check } of checks.get(type) ?? []) for (const problem of check(message)) if (problem) advice.push({ code, problem });
    if (isHost) virtualHosts[host] = advice.length === before ? NOTE.flawless : 0;
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
