/** What `istioctl` or an Envoy printed for people: a picture of the configuration, or none. Says which command gives the real thing. */
import { ConfigNode } from '../../../schema/configNode';
import type { DiagnosticRule, Problem, RuleContext } from '../rule';

const PROXY = 'the whole dump with `istioctl proxy-config all POD -o json`';
const ZTUNNEL = 'all that a ztunnel knows with `istioctl ztunnel-config all -o json`';

interface Pasted {
  readonly head: RegExp;
  readonly what: string;
  /** How the real thing is taken. */
  readonly take: string;
}

const tableOf = (head: RegExp, command: string): Pasted => ({
  head,
  what: 'a table that istioctl prints',
  take: `\`istioctl ${command} -o json\`, or ${command.startsWith('ztunnel') ? ZTUNNEL : PROXY}`,
});

const answerOf = (head: RegExp, what: string): Pasted => ({
  head,
  what,
  take: '`curl localhost:15000/config_dump?include_eds` (9901 or 19000 in place of 15000 without Istio)',
});

/** By the first words of what is pasted. */
const PASTED: readonly Pasted[] = [
  tableOf(/^(ADDRESSES|ADDRESS|LISTENER|NAME)\s+PORT\s+(MATCH|TYPE|DESTINATION)/, 'proxy-config listener POD'),
  tableOf(/^SERVICE FQDN\s+PORT\s+SUBSET/, 'proxy-config cluster POD'),
  tableOf(/^NAME\s+(VHOST NAME\s+)?(VIRTUAL HOSTS\s+)?DOMAINS/, 'proxy-config route POD'),
  tableOf(/^NOTE: This output only contains routes/, 'proxy-config route POD'),
  tableOf(/^ENDPOINT\s+STATUS\s+OUTLIER CHECK\s+CLUSTER/, 'proxy-config endpoint POD'),
  tableOf(/^RESOURCE NAME\s+TYPE\s+STATUS/, 'proxy-config secret POD'),
  tableOf(/^ECDS NAME\s+TYPE/, 'proxy-config ecds POD'),
  tableOf(/^NAMESPACE\s+POD NAME\s+(ADDRESS|IP)\s+NODE/, 'ztunnel-config workloads'),
  tableOf(/^NAMESPACE\s+SERVICE NAME\s+SERVICE VIP/, 'ztunnel-config services'),
  tableOf(/^NAMESPACE\s+POLICY NAME\s+ACTION/, 'ztunnel-config policies'),
  tableOf(/^CERTIFICATE NAME\s+TYPE\s+STATUS/, 'ztunnel-config certificates'),
  tableOf(/^WORKLOAD\s+DIRECTION\s+LOCAL\s+REMOTE/, 'ztunnel-config connections'),
  tableOf(/^NAME\s+STATUS\s+LOCALITY\s+CLUSTER/, 'proxy-config endpoint POD'),
  { head: /^(-+ BOOTSTRAP INFO -+$|Istio Version:\s+\S|Istio Proxy Version:\s+\S)/, what: 'a summary that istioctl prints', take: PROXY },
  { head: /^NAME\s+CLUSTER\s+(CDS\s|ISTIOD)/, what: 'a table that istioctl prints', take: PROXY },
  answerOf(/^\S.*::(observability_name|default_priority|added_via_api|eds_service_name)::/, 'what /clusters of an Envoy answers'),
  answerOf(/^\S+::\S+:\d+$/, 'what /listeners of an Envoy answers'),
  answerOf(/^# TYPE envoy_/, 'what /stats/prometheus of an Envoy answers'),
  answerOf(
    /^(cluster\.\S+\.(upstream|membership|circuit_breakers|assignment)\S*|http\.\S+\.downstream_\S+|(cluster|listener)_manager\.\S+): \d+$/,
    'what /stats of an Envoy answers',
  ),
  answerOf(/^active loggers:$/, 'what /logging of an Envoy answers'),
  answerOf(/^(invalid path\. )?admin commands are:$/, 'the help of an Envoy'),
  answerOf(/^(LIVE|DRAINING|PRE_INITIALIZING|INITIALIZING)$/, 'what /ready of an Envoy answers'),
];

export const textTable: DiagnosticRule = {
  code: 'text-table',
  applies: 'always',
  check: ({ facts }: RuleContext): Problem[] => {
    const { text } = facts.tree;
    const head = text.slice(0, 4_000);
    const start = head.search(/\S/);
    const pasted = start < 0 ? undefined : findPasted(head.slice(start));
    if (!pasted) return [];
    const lineEnd = text.indexOf('\n', start);
    return [
      {
        severity: 'information',
        at: new ConfigNode(facts.tree, facts.tree.roots[0] ?? 0),
        span: { start, end: lineEnd < 0 ? text.length : lineEnd },
        message: `This is ${pasted.what}, not the configuration. Take ${pasted.take === PROXY ? PROXY : `it with ${pasted.take}`}.`,
      },
    ];
  },
};

const MAX_LINE = 300;

/** undefined for other texts. A prompt line (`$ istioctl …`) may stand first. */
function findPasted(text: string): Pasted | undefined {
  const lines = text.split('\n', 4).map((line) => line.slice(0, MAX_LINE).trim());
  return PASTED.find(({ head }) => lines.some((line) => head.test(line)));
}
