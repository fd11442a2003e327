/** What a trace knows of the names in a client's certificate: its URI SANs, and the rest where an open file holds the certificate. */
import { readTextComparison } from '../../model/summary/textComparison';
import type { ConfigNode } from '../../schema/configNode';
import { readStringMatcher } from '../matcher/stringMatcher';
import { say, words, type Sentence } from '../record/sentence';
import { no, unknown, YES, type Verdict } from '../verdict';
import type { TerminatedTls } from './connection';

/** Does the client present a certificate? */
export function hasClientCertificate(tls: TerminatedTls | undefined): boolean {
  return tls !== undefined && (tls.principals.length > 0 || tls.hasUnknownPrincipals === true || tls.otherNames !== undefined);
}

/**
 * Some name must fit: a URI SAN, a DNS SAN, or the subject, which is empty without a certificate (Envoy: rbac/matchers.cc AuthenticatedMatcher).
 * What is not told decides only where such a name could fit.
 */
export function testClientName(matcher: ConfigNode, tls: TerminatedTls): Verdict {
  const { matches, condition } = readStringMatcher(matcher);
  if (!matches) return unknown(words("what the custom string matcher says of the client's certificate"), matcher);
  if (!hasClientCertificate(tls))
    return matches('') ? YES : no(say`the client has no certificate, its principal must ${condition}`, matcher);
  if (tls.principals.some(matches) || tls.otherNames?.dns.some(matches)) return YES;
  if (tls.otherNames?.subject !== undefined) {
    const { dns, subject } = tls.otherNames;
    return matches(subject) ? YES : no(say`${wordsOf([...tls.principals, ...dns, subject])} ${condition}`, matcher);
  }
  if (tls.principals.length === 0 && !tls.otherNames) return unknown(words("the names in the client's certificate"), matcher);
  if (!asksForUri(matcher))
    return unknown(say`the DNS names and the subject of the client's certificate, one of which must ${condition}`, matcher);
  return no(say`the client's principal is ${tls.principals}, must ${condition}`, matcher);
}

/** Istio leaves the subject empty. */
function wordsOf(all: readonly string[]): Sentence {
  const names = all.filter((name) => name !== '');
  return names.length > 1 ? say`the client's names are ${names}, one of which must` : say`the client's principal is ${names}, must`;
}

/** One of the names of the kind that a SubjectAltNameMatcher asks for must fit (Envoy: source/common/tls/cert_validator/san_matcher.cc). */
export function testSubjectAltName(san: ConfigNode, tls: TerminatedTls): Verdict {
  const matcher = san.get('matcher');
  if (!matcher) return unknown(words("what the client's certificate is compared with"), san);
  const { matches, condition } = readStringMatcher(matcher);
  const names = tls.hasUnknownPrincipals === true ? undefined : namesOfKind(san, tls);
  if (!matches || !names) return unknown(say`the ${san.enumName('san_type')} names in the client's certificate`, san);
  return names.some(matches) ? YES : no(say`the client's names are ${names}, one of which must ${condition}`, san);
}

/** The names of the kind that a SubjectAltNameMatcher compares (all kinds, where it names none); undefined where they are not told. */
export function namesOfKind(
  matcher: ConfigNode,
  { principals, otherNames: others }: Pick<TerminatedTls, 'principals' | 'otherNames'>,
): readonly string[] | undefined {
  switch (matcher.enumValue('san_type', ['SAN_TYPE_UNSPECIFIED', 'EMAIL', 'DNS', 'URI', 'IP_ADDRESS', 'OTHER_NAME'])) {
    case 'SAN_TYPE_UNSPECIFIED':
      return [...principals, ...(others ? [...others.dns, ...others.ips, ...others.emails] : [])];
    case 'URI':
      return principals;
    case 'DNS':
      return others?.dns;
    case 'EMAIL':
      return others?.emails;
    case 'IP_ADDRESS':
      return others?.ips;
    case 'OTHER_NAME':
    case undefined:
      return undefined;
  }
}

/** No DNS name and no subject has a slash: a text with one can only fit a URI. */
export function isUriText(text: string): boolean {
  return text.includes('/');
}

function asksForUri(matcher: ConfigNode): boolean {
  const comparison = readTextComparison(matcher);
  if (comparison?.kind !== 'regex') return comparison !== undefined && isUriText(comparison.text);
  return alternativesOf(comparison.text.replace(/\[\^[^\]]*\]/g, '')).every(isUriText);
}

/** The parts between the `|` that stand in no parentheses. */
function alternativesOf(regex: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < regex.length; at++) {
    const character = regex[at];
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === '|' && depth === 0) {
      parts.push(regex.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, regex.slice(start)];
}
