/** `Permission` of envoy.config.rbac.v3: what is asked for (Envoy: source/extensions/filters/common/rbac/matchers.cc). */
import type { ConfigNode } from '../../schema/configNode';
import { keepsBack } from '../../schema/keptBack';
import { localAddress } from '../facts/peerAddress';
import { readStringMatcher, testString } from '../matcher/stringMatcher';
import { say, words } from '../record/sentence';
import { no, unknown, YES, type Verdict } from '../verdict';
import { allField, anyField, notField, plainField, ruleReader, type RuleTest } from './ruleReader';
import { testRange } from './testRange';
import { testRequestPath, testRequestHeader, testSourcedMetadata, testStreamMetadata } from './testRequest';
import { testUpstreamAddress } from './testUpstreamAddress';
import { testUriTemplate } from './testUriTemplate';
import type { RbacContext } from './rbacDecision';

/** Reads a permission once, into a function of the context. */
export const readPermission: (permission: ConfigNode) => RuleTest = ruleReader('permission', [
  plainField('any', () => YES),
  allField('and_rules', 'rules'),
  anyField('or_rules', 'rules'),
  notField('not_rule'),
  plainField('header', testRequestHeader),
  plainField('url_path', testRequestPath),
  plainField('uri_template', testUriTemplate),
  plainField('destination_ip', (range, { connection, hop }) =>
    testRange(range, words('destination IP'), localAddress(connection, hop.arrival)),
  ),
  plainField('destination_port', (port, context) =>
    testPort(context, { from: port.asNumber() ?? 0, to: (port.asNumber() ?? 0) + 1 }, port),
  ),
  plainField('destination_port_range', (range, context) =>
    testPort(context, { from: range.number('start') ?? 0, to: range.number('end') ?? 0 }, range),
  ),
  plainField('metadata', testStreamMetadata),
  plainField('sourced_metadata', testSourcedMetadata),
  plainField('requested_server_name', testServerName),
  plainField('matcher', testExtension),
]);

function testPort({ connection: { destination } }: RbacContext, { from, to }: { from: number; to: number }, at: ConfigNode): Verdict {
  if (keepsBack(at)) return unknown(words('the port that is asked for, which the file keeps back'), at);
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
