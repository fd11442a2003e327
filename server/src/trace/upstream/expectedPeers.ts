/** Whom we expect at the other end: the names that the server's certificate must have (tls.v3.CertificateValidationContext). */
import type { ProxyScope } from '../../index/proxyScope';
import { readTextComparison } from '../../model/summary/textComparison';
import type { ConfigNode } from '../../schema/configNode';
import type { ExpectedName } from '../facts/connection';

/** [] where no name is asked for. */
export function expectedPeers(proxy: ProxyScope, common: ConfigNode | undefined): readonly ExpectedName[] {
  if (!common) return [];
  const combined = common.get('combined_validation_context');
  const sds = combined?.get('validation_context_sds_secret_config') ?? common.get('validation_context_sds_secret_config');
  const secret = sds && proxy.byName.secret.get(sds.string('name'))?.node.get('validation_context');
  const contexts = [common.get('validation_context'), combined?.get('default_validation_context'), secret];
  return contexts.flatMap((context) => (context ? namesOf(context) : []));
}

function namesOf(context: ConfigNode): ExpectedName[] {
  const typed = context.list('match_typed_subject_alt_names').flatMap((each) => each.get('matcher') ?? []);
  const matchers = [...typed, ...context.list('match_subject_alt_names'), ...context.list('verify_subject_alt_name')];
  return matchers.map((matcher) => ({ text: textOf(matcher), matcher }));
}

function textOf(matcher: ConfigNode): string {
  const plain = matcher.asString();
  if (plain !== undefined) return plain;
  const { kind, text } = readTextComparison(matcher) ?? { kind: 'exact', text: '' };
  const before = kind === 'suffix' || kind === 'contains' ? '*' : '';
  const behind = kind === 'prefix' || kind === 'contains' ? '*' : '';
  return `${before}${text}${behind}`;
}
