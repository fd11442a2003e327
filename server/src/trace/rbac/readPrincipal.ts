/** `Principal` of envoy.config.rbac.v3: who asks (Envoy: source/extensions/filters/common/rbac/matchers.cc). */
import type { ConfigNode } from '../../schema/configNode';
import { hasClientCertificate, testClientName, testSubjectAltName } from '../matcher/clientNames';
import { directAddress, remoteAddress } from '../facts/peerAddress';
import { testFilterState } from '../matcher/filterStateMatcher';
import { clientOf } from '../matcher/matchContext';
import { say, words } from '../record/sentence';
import { no, unknown, YES, type Verdict } from '../verdict';
import { allField, anyField, notField, plainField, ruleReader, type RuleTest } from './ruleReader';
import { testRange } from './testRange';
import { testRequestHeader, testRequestPath, testSourcedMetadata, testStreamMetadata } from './testRequest';
import type { RbacContext } from './rbacDecision';

/** Reads a principal once, into a function of the context. */
export const readPrincipal: (principal: ConfigNode) => RuleTest = ruleReader('principal', [
  plainField('any', () => YES),
  allField('and_ids', 'ids'),
  anyField('or_ids', 'ids'),
  notField('not_id'),
  plainField('authenticated', testAuthenticated),
  plainField('source_ip', (range, { connection, hop }) => testRange(range, words('source IP'), remoteAddress(connection, hop.arrival))),
  plainField('direct_remote_ip', (range, { connection, hop }) =>
    testRange(range, words('direct remote IP'), directAddress(connection, hop.arrival)),
  ),
  plainField('remote_ip', (range, context) => testRange(range, words('remote IP'), clientOf(context))),
  plainField('header', testRequestHeader),
  plainField('url_path', testRequestPath),
  plainField('metadata', testStreamMetadata),
  plainField('sourced_metadata', testSourcedMetadata),
  plainField('filter_state', (matcher, { connection, http }) => testFilterState(matcher, http?.filterState ?? connection.filterState)),
  plainField('custom', testExtension),
]);

/** Any TLS is enough without a name; else a URI SAN, a DNS SAN or the subject must fit. */
function testAuthenticated(authenticated: ConfigNode, { connection: { tls } }: RbacContext): Verdict {
  if (!tls) return no(words('the connection has no TLS, so nobody is authenticated'), authenticated);
  const name = authenticated.get('principal_name');
  return name ? testClientName(name, tls) : YES;
}

function testExtension(extension: ConfigNode, { connection: { tls } }: RbacContext): Verdict {
  const typed = extension.typed();
  if (typed?.type !== 'envoy.extensions.rbac.principals.mtls_authenticated.v3.Config')
    return unknown(say`what the principal ${typed?.type || extension.string('name')} says`, extension);
  if (!tls || !hasClientCertificate(tls)) return no(words('the client shows no certificate'), typed.node);
  const san = typed.node.get('san_matcher');
  return san ? testSubjectAltName(san, tls) : YES;
}
