/** Hover of a secret: what kind it is, its certificates, what Istio means by its name; never its key. */
import { explainSecretName } from '../../model/istio/istioNames';
import { code, escapeMarkdown } from '../writing/markdown';
import { describeCertificates } from './describeCertificate';
import type { Seen } from './seen';

const KINDS: readonly [field: string, words: string][] = [
  ['tls_certificate', 'a certificate with its private key'],
  ['validation_context', 'trusted certificates'],
  ['session_ticket_keys', 'session ticket keys'],
  ['generic_secret', 'a generic secret'],
];

export function describeSecret({ node }: Seen): string {
  const kind = KINDS.find(([field]) => node.has(field));
  const name = node.string('name');
  const meaning = explainSecretName(name);
  const source = node.path('tls_certificate', 'certificate_chain') ?? node.path('validation_context', 'trusted_ca');
  return [
    `**Secret** ${code(name)}`,
    meaning === undefined ? '' : escapeMarkdown(meaning),
    kind ? `Holds ${kind[1]}.` : 'Its content is not in the file.',
    describeCertificates(source) ?? '',
  ]
    .filter(Boolean)
    .join('\n\n');
}
