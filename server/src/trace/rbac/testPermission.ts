/** `Permission` of envoy.config.rbac.v3: what is asked for (Envoy: source/extensions/filters/common/rbac/matchers.cc). */
import type { ConfigNode } from '../../schema/configNode';
import { readStringMatcher, testString } from '../matcher/stringMatcher';
import { say, words } from '../record/sentence';
import { allOf, anyOf, invert, no, unknown, YES, type Verdict } from '../verdict';
import type { RbacContext } from './evaluateRbac';
import { testRange } from './testRange';
import { testRequestPath, testRequestHeader, testSourcedMetadata, testStreamMetadata } from './testRequest';
import { testUpstreamAddress } from './testUpstreamAddress';
import { testUriTemplate } from './testUriTemplate';

/** Protobuf's own limit of nesting. */
export const MAX_RBAC_DEPTH = 100;

export function testPermission(permission: ConfigNode, context: RbacContext, depth = 0): Verdict {
  const field = FIELDS.find(([name]) => permission.has(name));
  const value = field && permission.get(field[0]);
  if (!field || !value) return unknown(words('a permission of a kind that is not known'), permission);
  if (depth > MAX_RBAC_DEPTH) return unknown(words('what a permission of more than 100 levels says'), permission);
  return field[1](value, context, depth);
}

type TestField = (value: ConfigNode, context: RbacContext, depth: number) => Verdict;

const FIELDS: readonly (readonly [field: string, test: TestField])[] = [
  ['any', () => YES],
  ['and_rules', (set, context, depth) => allOf(set.list('rules'), (rule) => testPermission(rule, context, depth + 1))],
  ['or_rules', (set, context, depth) => anyOf(set.list('rules'), (rule) => testPermission(rule, context, depth + 1))],
  ['not_rule', (rule, context, depth) => invert(testPermission(rule, context, depth + 1), words('what must not hold holds'), rule)],
  ['header', testRequestHeader],
  ['url_path', testRequestPath],
  ['uri_template', testUriTemplate],
  [
    'destination_ip',
    (range, { connection }) =>
      testRange(range, words('destination IP'), connection.destination?.kind === 'ip' ? connection.destination : 'none'),
  ],
  ['destination_port', (port, context) => testPort(context, { from: port.asNumber() ?? 0, to: (port.asNumber() ?? 0) + 1 }, port)],
  [
    'destination_port_range',
    (range, context) => testPort(context, { from: range.number('start') ?? 0, to: range.number('end') ?? 0 }, range),
  ],
  ['metadata', testStreamMetadata],
  ['sourced_metadata', testSourcedMetadata],
  ['requested_server_name', testServerName],
  ['matcher', testExtension],
];

function testPort({ connection: { destination } }: RbacContext, { from, to }: { from: number; to: number }, at: ConfigNode): Verdict {
  if (destination?.kind !== 'ip') return no(words('the destination has no port'), at);
  const { port } = destination;
  if (port >= from && port < to) return YES;
  return no(
    to === from + 1
      ? say`destination port is ${port}, must be ${from}`
      : say`destination port is ${port}, must be from ${from} and below ${to}`,
    at,
  );
}

/** What tls_inspector (or QUIC) has found; the TLS handshake alone does not set it. */
function testServerName(matcher: ConfigNode, { connection }: RbacContext): Verdict {
  return testString(readStringMatcher(matcher), connection.serverName, words('requested server name (SNI)'));
}

function testExtension(extension: ConfigNode, context: RbacContext): Verdict {
  const typed = extension.typed();
  if (typed?.type === 'envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher')
    return testUpstreamAddress(typed.node, context);
  return unknown(say`what the permission matcher ${typed?.type || extension.string('name')} says`, extension);
}
