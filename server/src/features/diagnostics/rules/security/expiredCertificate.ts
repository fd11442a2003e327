/** A certificate that has expired, or is not valid yet. */
import { inlineText, readCertificates, type Certificate } from '../../../../model/certificate';
import { ConfigNode } from '../../../../schema/configNode';
import { NodeKind } from '../../../../syntax/syntaxTree';
import { warningAt } from '../../problem';
import type { DiagnosticRule, Problem, RuleContext } from '../../rule';

/** Bundles of CAs are read up to here, over the whole document. */
const MAX_CERTIFICATES = 200;
const KEYS = ['inline_bytes', 'inlineBytes', 'inline_string', 'inlineString'];
const PEM_STARTS = ['-----BEGIN CERTIFICATE', 'LS0tLS1CRUdJTi'];

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
      for (const certificate of certificatesAt(new ConfigNode(tree, node), MAX_CERTIFICATES - read)) {
        read++;
        const problem = checkCertificate(new ConfigNode(tree, node), certificate);
        // A dump is a picture of the past: that its certificates have expired since is no fault.
        if (problem) found.push(proxy?.kind === 'dump' ? { ...problem, severity: 'information' } : problem);
      }
    }
    return found;
  },
};

function certificatesAt(value: ConfigNode, limit: number): Certificate[] {
  const start = value.asString()?.trimStart() ?? '';
  const text = PEM_STARTS.some((each) => start.startsWith(each)) && value.parent ? inlineText(value.parent) : undefined;
  return text === undefined ? [] : readCertificates(text, limit);
}

function checkCertificate(at: ConfigNode, { commonName, notBefore, notAfter }: Certificate): Problem | undefined {
  const now = Date.now();
  const which = commonName === '' ? 'The certificate' : `The certificate of "${commonName}"`;
  if (notAfter.getTime() < now) return warningAt(at, `${which} expired on ${notAfter.toISOString().slice(0, 10)}.`);
  return notBefore.getTime() > now ? warningAt(at, `${which} is not valid before ${notBefore.toISOString().slice(0, 10)}.`) : undefined;
}
