/** Makes a rule of a function that looks at one message at a time. */
import type { ConfigNode } from '../../schema/configNode';
import type { AdviceRule, DiagnosticRule, Problem, RuleContext } from './rule';

export type CheckMessage = (message: ConfigNode, context: RuleContext) => readonly (Problem | undefined)[];

/** A rule on hand-written files, by the full name of the messages that it looks at. */
export function refusalRule(code: string, checks: Readonly<Record<string, CheckMessage>>): DiagnosticRule {
  return { code, applies: 'written', check: (context) => runChecks(context, checks) };
}

/** A rule on hand-written files and dumps alike; see AdviceRule. */
export function adviceRule(code: string, checks: AdviceRule['checks'], severityInDumps?: AdviceRule['severityInDumps']): AdviceRule {
  return { code, applies: 'always', checks, severityInDumps };
}

function runChecks(context: RuleContext, checks: Readonly<Record<string, CheckMessage>>): Problem[] {
  return Object.entries(checks).flatMap(([type, check]) =>
    context.messages(type).flatMap((message) => check(message, context).flatMap((problem) => problem ?? [])),
  );
}
