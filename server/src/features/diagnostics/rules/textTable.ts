/** A table that `istioctl` printed: only a picture of the configuration. Says which command gives the real thing. */
import { ConfigNode } from '../../../schema/configNode';
import type { DiagnosticRule, Problem, RuleContext } from '../rule';

/** The first words of the tables and the command whose JSON has what the table shows. */
const TABLES: readonly [head: RegExp, command: string][] = [
  [/^(ADDRESSES|ADDRESS|LISTENER|NAME)\s+PORT\s+(MATCH|TYPE|DESTINATION)/, 'istioctl proxy-config listener POD -o json'],
  [/^SERVICE FQDN\s+PORT\s+SUBSET/, 'istioctl proxy-config cluster POD -o json'],
  [/^NAME\s+(VHOST NAME\s+)?(VIRTUAL HOSTS\s+)?DOMAINS/, 'istioctl proxy-config route POD -o json'],
  [/^NOTE: This output only contains routes/, 'istioctl proxy-config route POD -o json'],
  [/^ENDPOINT\s+STATUS\s+OUTLIER CHECK\s+CLUSTER/, 'istioctl proxy-config endpoint POD -o json'],
  [/^RESOURCE NAME\s+TYPE\s+STATUS/, 'istioctl proxy-config secret POD -o json'],
  [/^ECDS NAME\s+TYPE/, 'istioctl proxy-config ecds POD -o json'],
  [/^NAMESPACE\s+POD NAME\s+(ADDRESS|IP)\s+NODE/, 'istioctl ztunnel-config all -o json'],
  [/^NAMESPACE\s+SERVICE NAME\s+SERVICE VIP/, 'istioctl ztunnel-config services -o json'],
  [/^NAME\s+CLUSTER\s+CDS\s+LDS/, 'istioctl proxy-config all POD -o json'],
];

export const textTable: DiagnosticRule = {
  code: 'text-table',
  applies: 'always',
  check: ({ facts }: RuleContext): Problem[] => {
    const { text } = facts.tree;
    const head = text.slice(0, 4_000);
    const start = head.search(/\S/);
    const command = start < 0 ? undefined : commandFor(head.slice(start));
    if (command === undefined) return [];
    const lineEnd = text.indexOf('\n', start);
    return [
      {
        severity: 'information',
        at: new ConfigNode(facts.tree, facts.tree.roots[0] ?? 0),
        span: { start, end: lineEnd < 0 ? text.length : lineEnd },
        message: `This is a table that istioctl prints, not the configuration. Take it with \`${command}\`, or the whole dump with \`istioctl proxy-config all POD -o json\`.`,
      },
    ];
  },
};

/** The command that gives the real thing for a pasted table; undefined for other texts. A prompt line (`$ istioctl …`) may stand first. */
function commandFor(text: string): string | undefined {
  const lines = text.split('\n', 4).map((line) => line.trim());
  return TABLES.find(([head]) => lines.some((line) => head.test(line)))?.[1];
}
