/** What Envoy's admin interface (or istiod) answers beside the configuration: certificates, statistics, the server itself. Says what it is, and what of it is urgent. */
import { ConfigNode } from '../../../schema/configNode';
import { informationAt, warningAt } from '../problem';
import type { DiagnosticRule, Problem, RuleContext } from '../rule';

export const adminAnswer: DiagnosticRule = {
  code: 'admin-answer',
  applies: 'always',
  check: ({ facts: { tree }, proxy }: RuleContext): Problem[] => {
    const [root] = tree.roots;
    // What belongs to a proxy is its configuration, or (/server_info) tells more of it.
    return root === undefined || proxy !== undefined || !tree.isContainer(root) ? [] : checkObject(new ConfigNode(tree, root));
  },
};

const OPEN_DUMP = 'Traces and links need the answer of /config_dump?include_eds.';

/** Each answer by its members (Envoy: api/envoy/admin/v3, source/server/admin), and what is worth a line in it. */
interface Answer {
  readonly is: (root: ConfigNode) => boolean;
  readonly describe: (root: ConfigNode) => string;
  readonly check?: (root: ConfigNode) => Problem[];
}

const ANSWERS: readonly Answer[] = [
  { is: isServerInfo, describe: describeServer },
  {
    is: (root) => isListOf(root, 'certificates', (each) => each.has('ca_cert') || each.has('cert_chain')),
    describe: () => 'The certificates of an Envoy in use (/certs), not its configuration.',
    check: (root) => certificatesOf(root).flatMap(checkExpiry),
  },
  {
    is: (root) => root.list('listener_statuses').some((each) => each.has('local_address')),
    describe: () => 'The addresses on which an Envoy listens (/listeners), not its configuration.',
  },
  {
    is: (root) => root.list('stats').some(isStatistic),
    describe: () => 'Statistics of an Envoy (/stats), not its configuration.',
  },
  {
    is: (root) => isListOf(root, 'unready_targets_dumps', (each) => each.has('target_names')),
    describe: describeTargets,
  },
  {
    is: (root) => root.has('layers') && root.map('entries').some(([, each]) => each.has('layer_values')),
    describe: () => 'Runtime values of an Envoy (/runtime), not its configuration. A trace takes them one by one (--runtime KEY=VALUE).',
  },
  {
    is: (root) => ['allocated', 'heap_size', 'pageheap_free'].every((name) => root.has(name)),
    describe: () => 'The memory that an Envoy uses (/memory), not its configuration.',
  },
  {
    is: (root) => isListOf(root, 'resources', (each) => each.has('generic_xds_configs') && !holdsConfiguration(each)),
    describe: () => 'Which proxies have what istiod sends (istioctl proxy-status), not their configuration.',
  },
];

function checkObject(root: ConfigNode): Problem[] {
  const answer = ANSWERS.find(({ is }) => is(root));
  if (!answer) return [];
  return [informationAt(root, `${answer.describe(root)} ${OPEN_DUMP}`), ...(answer.check?.(root) ?? [])];
}

/** It has items, and all are so. */
function isListOf(root: ConfigNode, field: string, isSo: (item: ConfigNode) => boolean): boolean {
  const items = root.list(field);
  return items.length > 0 && items.every(isSo);
}

function isServerInfo(root: ConfigNode): boolean {
  return root.has('command_line_options') && root.has('version') && root.has('state');
}

function certificatesOf(root: ConfigNode): ConfigNode[] {
  return root.list('certificates').flatMap((each) => [...each.list('cert_chain'), ...each.list('ca_cert')]);
}

/** A client of xDS that tells what it has, not only in which state. */
function holdsConfiguration(client: ConfigNode): boolean {
  return client.list('generic_xds_configs').some((each) => each.has('xds_config'));
}

const NAMED = 5;

/** Envoy serves nobody before these are there. */
function describeTargets(root: ConfigNode): string {
  const names = root.list('unready_targets_dumps').flatMap((each) => each.list('target_names').flatMap((name) => name.asString() ?? []));
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `What an Envoy still waits for (/init_dump), not its configuration: ${names.slice(0, NAMED).join(', ')}${more}.`;
}

function isStatistic(stat: ConfigNode): boolean {
  return (stat.has('name') && stat.has('value')) || stat.has('histograms');
}

/** `commit/1.40.0/Clean/RELEASE/BoringSSL`, and whose it is. */
function describeServer(root: ConfigNode): string {
  const version = root.string('version').split('/')[1] ?? root.string('version');
  const id = root.path('node', 'id')?.asString() ?? '';
  return `An Envoy ${version} in the state ${root.string('state')}${id === '' ? '' : `, node "${id}"`} (/server_info), not its configuration.`;
}

/** Envoy counts whole days (admin/v3/certs.proto). */
function checkExpiry(certificate: ConfigNode): Problem[] {
  const days = certificate.get('days_until_expiration');
  const time = certificate.string('expiration_time');
  const path = certificate.string('path');
  return days?.asNumber() === 0
    ? [
        warningAt(
          days,
          `The certificate${path === '' ? '' : ` ${path}`} has expired or expires within a day${time === '' ? '' : ` (${time})`}.`,
        ),
      ]
    : [];
}
