/** Hover of certificates in a configuration, decoded: whose, by whom, until when. Keys are never shown. */
import { readCertificates, type Certificate } from '../../model/certificate';
import { inlineText } from '../../model/dataSource';
import type { ConfigNode } from '../../schema/configNode';
import { code, count, firstOf, restOf } from '../writing/markdown';

const MAX_SHOWN = 5;
const DAY = 24 * 60 * 60 * 1_000;

/** Of a `core.v3.DataSource`; undefined where it holds no certificate that can be read. */
export function describeCertificates(source: ConfigNode | undefined): string | undefined {
  const text = inlineText(source);
  return describeAll(text === undefined ? [] : readCertificates(text));
}

/** Some of them, one below the other; undefined where there are none. */
export function describeAll(certificates: readonly Certificate[]): string | undefined {
  if (certificates.length === 0) return undefined;
  return certificates.slice(0, MAX_SHOWN).map(describeOne).join('\n\n---\n\n') + restOf(certificates.length, MAX_SHOWN);
}

function describeOne(certificate: Certificate): string {
  const { subject, issuer, serialNumber, uris, dns, ips, emails, notBefore, notAfter, isAuthority } = certificate;
  const names = [...uris, ...dns, ...ips, ...emails];
  const selfSigned = subject !== '' && subject === issuer;
  return [
    `**${isAuthority ? 'Certificate of an authority' : 'Certificate'}**`,
    [
      `- Subject: ${code(subject)}`,
      ...(names.length > 0 ? [`- Names: ${firstOf(names.map(code), 10)}`] : []),
      `- Issuer: ${selfSigned ? 'itself' : code(issuer)}`,
      `- Valid from ${dayOf(notBefore)} to ${dayOf(notAfter)}: ${describeValidity(notBefore, notAfter)}`,
      `- Serial number: ${code(serialNumber)}`,
    ].join('\n'),
  ].join('\n\n');
}

function describeValidity(notBefore: Date, notAfter: Date): string {
  const now = Date.now();
  if (now < notBefore.getTime()) return '**not valid yet**';
  const days = Math.floor(Math.abs(notAfter.getTime() - now) / DAY);
  return notAfter.getTime() < now ? `**expired** ${count(days, 'day')} ago` : `expires in ${count(days, 'day')}`;
}

function dayOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? '?' : date.toISOString().slice(0, 10);
}
