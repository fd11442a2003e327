/** What Envoy's admin interface answers beside its configuration: certificates, statistics, the server itself. Says what it is, and what of it is urgent. */
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

function checkObject(root: ConfigNode): Problem[] {
  if (isServerInfo(root)) return [informationAt(root, describeServer(root))];
  const certificates = root.list('certificates');
  if (certificates.length > 0 && certificates.every((each) => each.has('ca_cert') || each.has('cert_chain')))
    return [
      informationAt(root, `The certificates of an Envoy in use (/certs), not its configuration. ${OPEN_DUMP}`),
      ...certificates.flatMap((each) => [...each.list('cert_chain'), ...each.list('ca_cert')]).flatMap(checkExpiry),
    ];
  if (root.list('listener_statuses').some((each) => each.has('local_address')))
    return [informationAt(root, `The addresses on which an Envoy listens (/listeners), not its configuration. ${OPEN_DUMP}`)];
  return root.list('stats').some(isStatistic)
    ? [informationAt(root, `Statistics of an Envoy (/stats), not its configuration. ${OPEN_DUMP}`)]
    : [];
}

function isServerInfo(root: ConfigNode): boolean {
  return root.has('command_line_options') && root.has('version') && root.has('state');
}

function isStatistic(stat: ConfigNode): boolean {
  return (stat.has('name') && stat.has('value')) || stat.has('histograms');
}

/** `commit/1.40.0/Clean/RELEASE/BoringSSL`, and whose it is. */
function describeServer(root: ConfigNode): string {
  const version = root.string('version').split('/')[1] ?? root.string('version');
  const id = root.path('node', 'id')?.asString() ?? '';
  return `An Envoy ${version} in the state ${root.string('state')}${id === '' ? '' : `, node "${id}"`} (/server_info), not its configuration. ${OPEN_DUMP}`;
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
