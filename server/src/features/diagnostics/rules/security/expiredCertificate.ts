/** A certificate that has expired, or is not valid yet. */
import { asciiText, decodeBase64 } from '../../../../model/subjectAltNames';
import { ConfigNode } from '../../../../schema/configNode';
import { NodeKind } from '../../../../syntax/syntaxTree';
import { warningAt } from '../../problem';
import type { DiagnosticRule, Problem, RuleContext } from '../../rule';
import { readCertificate } from './readCertificate';

/** Larger bundles of CAs are read up to here. */
const MAX_CERTIFICATES = 200;
const KEYS = ['inline_bytes', 'inlineBytes', 'inline_string', 'inlineString'];

export const expiredCertificate: DiagnosticRule = {
  code: 'expired-certificate',
  applies: 'always',
  check: ({ facts, proxy }: RuleContext): Problem[] => {
    const { tree } = facts;
    const keys = KEYS.map((key) => tree.idOfKey(key)).filter((id) => id >= 0);
    const found: Problem[] = [];
    let read = 0;
    for (let node = 0; keys.length > 0 && node < tree.size && read < MAX_CERTIFICATES; node++) {
      if (!keys.includes(tree.columns.keyIds[node] ?? -1) || tree.kind(node) !== NodeKind.string) continue;
      const source = new ConfigNode(tree, node);
      for (const pem of certificatesIn(source.asString() ?? '')) {
        read++;
        const problem = checkCertificate(source, pem);
        // A dump is a picture of the past: that its certificates have expired since is no fault.
        if (problem) found.push(proxy?.kind === 'dump' ? { ...problem, severity: 'information' } : problem);
      }
    }
    return found;
  },
};

const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----/g;
/** `-----BEGIN` in base64. */
const ENCODED_PEM = 'LS0tLS1CRUdJTi';

function certificatesIn(text: string): string[] {
  const pem = text.startsWith(ENCODED_PEM) ? decode(text) : text;
  return pem.includes('BEGIN CERTIFICATE') ? (pem.match(PEM) ?? []).slice(0, MAX_CERTIFICATES) : [];
}

function decode(text: string): string {
  const bytes = decodeBase64(text);
  return bytes ? asciiText(bytes) : '';
}

function checkCertificate(at: ConfigNode, pem: string): Problem | undefined {
  const facts = readCertificate(pem);
  if (!facts) return undefined;
  const { name, notAfter, notBefore } = facts;
  const now = Date.now();
  const which = name === '' ? 'The certificate' : `The certificate of "${name}"`;
  if (notAfter.getTime() < now) return warningAt(at, `${which} expired on ${notAfter.toISOString().slice(0, 10)}.`);
  return notBefore.getTime() > now ? warningAt(at, `${which} is not valid before ${notBefore.toISOString().slice(0, 10)}.`) : undefined;
}
