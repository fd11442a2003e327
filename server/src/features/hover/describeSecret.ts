/** Hover of a secret: what kind it is; never its key. */
import type { Seen } from './hover';
import { code } from '../markdown';

const KINDS: readonly [field: string, words: string][] = [
  ['tls_certificate', 'a certificate with its private key'],
  ['validation_context', 'trusted certificates'],
  ['session_ticket_keys', 'session ticket keys'],
  ['generic_secret', 'a generic secret'],
];

export function describeSecret({ node }: Seen): string {
  const kind = KINDS.find(([field]) => node.has(field));
  return `**Secret** ${code(node.string('name'))}\n\n${kind ? `Holds ${kind[1]}.` : 'Its content is not in the file.'}`;
}
