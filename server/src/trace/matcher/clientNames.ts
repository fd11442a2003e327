/** What a trace knows of the names in a client's certificate: its URI SANs, and the rest where an open file holds the certificate. */
import { readTextComparison } from '../../model/summary/textComparison';
import type { ConfigNode } from '../../schema/configNode';
import { readStringMatcher } from './stringMatcher';
import { say, words, type Sentence } from '../record/sentence';
import { no, unknown, YES, type Verdict } from '../verdict';
import type { OtherNames, TerminatedTls } from '../facts/connection';
import { matchDnsName } from '../facts/matchDnsName';

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
  const fits = tls.hasUnknownPrincipals === true ? undefined : fitsSubjectAltName(san, tls);
  if (fits === undefined) return unknown(say`the ${san.enumName('san_type')} names in the client's certificate`, san);
  const { condition } = readStringMatcher(matcher);
  return fits ? YES : no(say`the client's names are ${namesOfKind(san, tls) ?? []}, one of which must ${condition}`, san);
}

/** What is known of the names in a certificate. */
export type CertificateNames = Pick<TerminatedTls, 'principals'> & { readonly otherNames?: Pick<OtherNames, 'dns' | 'ips' | 'emails'> };

/**
 * Does a name of the certificate fit a `SubjectAltNameMatcher`, or a plain `StringMatcher`, which asks for names of any kind? undefined: not told.
 * An exact DNS name also fits a wildcard of the certificate (Envoy: san_matcher.cc StringSanMatcher::match).
 */
export function fitsSubjectAltName(san: ConfigNode, certificate: CertificateNames): boolean | undefined {
  const matcher = san.get('matcher') ?? san;
  const { matches } = readStringMatcher(matcher);
  const names = namesOfKind(san, certificate);
  if (!matches || !names) return undefined;
  if (names.some(matches)) return true;
  const isOfAnyKind = kindOf(san) === 'SAN_TYPE_UNSPECIFIED';
  const exact = isOfAnyKind || kindOf(san) === 'DNS' ? readTextComparison(matcher) : undefined;
  if (exact?.kind === 'exact' && certificate.otherNames?.dns.some((name) => matchDnsName(exact.text, name))) return true;
  return isOfAnyKind && !certificate.otherNames && !asksForUri(matcher) ? undefined : false;
}

function kindOf(san: ConfigNode): (typeof KINDS)[number] | undefined {
  return san.enumValue('san_type', KINDS);
}

const KINDS = ['SAN_TYPE_UNSPECIFIED', 'EMAIL', 'DNS', 'URI', 'IP_ADDRESS', 'OTHER_NAME'] as const;

/** The names of the kind that a SubjectAltNameMatcher compares (all kinds, where it names none); undefined where they are not told. */
function namesOfKind(san: ConfigNode, { principals, otherNames: others }: CertificateNames): readonly string[] | undefined {
  switch (kindOf(san)) {
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
