/** Whom we expect at the other end: the names that the server's certificate must have (tls.v3.CertificateValidationContext). */
import type { ProxyScope } from '../../index/proxyScope';
import { readTextComparison } from '../../model/summary/textComparison';
import type { ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import { mayLackEntries } from '../../schema/mayLackEntries';
import type { ExpectedName, TlsLayer } from '../facts/connection';

export type ExpectedPeers = Pick<TlsLayer, 'expects' | 'mayExpectMore'>;

/** Without `expects` no name is asked for. */
export function expectedPeers(proxy: ProxyScope, common: ConfigNode | undefined): ExpectedPeers {
  if (!common) return {};
  const combined = common.get('combined_validation_context');
  const sds = combined?.get('validation_context_sds_secret_config') ?? common.get('validation_context_sds_secret_config');
  const secret = sds && proxy.byName.secret.get(sds.string('name'))?.node;
  const given = [common.get('validation_context'), combined?.get('default_validation_context'), secret?.get('validation_context')];
  const contexts = given.filter((context) => context !== undefined);
  const expects = contexts.flatMap(namesOf);
  const isLost = [combined, sds, secret].some((holder) => holder?.isIncomplete) || sds?.string('name') === KEPT_BACK;
  return { ...(expects.length > 0 && { expects }), ...((isLost || contexts.some(mayLackNames)) && { mayExpectMore: true }) };
}

const NAMES = ['match_typed_subject_alt_names', 'match_subject_alt_names', 'verify_subject_alt_name'];

function namesOf(context: ConfigNode): ExpectedName[] {
  return NAMES.flatMap((field) => context.list(field)).map((matcher) => ({ text: textOf(matcher), matcher }));
}

function mayLackNames(context: ConfigNode): boolean {
  return NAMES.some((field) => mayLackEntries(context, field));
}

function textOf(matcher: ConfigNode): string {
  const plain = matcher.asString();
  if (plain !== undefined) return plain;
  const { kind, text } = readTextComparison(matcher.get('matcher') ?? matcher) ?? { kind: 'exact', text: '' };
  const before = kind === 'suffix' || kind === 'contains' ? '*' : '';
  const behind = kind === 'prefix' || kind === 'contains' ? '*' : '';
  return `${before}${text}${behind}`;
}
