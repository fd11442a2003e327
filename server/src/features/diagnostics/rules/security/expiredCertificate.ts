/** A certificate that has expired, or is not valid yet. */
import { inlineText, readCertificates, type Certificate } from '../../../../model/certificate';
import { ConfigNode } from '../../../../schema/configNode';
import { NodeKind, type NodeId } from '../../../../syntax/syntaxTree';
import type { DocumentFacts } from '../../../../index/documentFacts';
import { keyFinder, nodesUnderKeys } from '../../nodesUnderKeys';
import { warningAt } from '../../problem';
import { isNoted, note, NOTE } from '../../resourceNotes';
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
    const found: Problem[] = [];
    let read = 0;
    for (const node of inlineTexts(facts)) {
      if (read >= MAX_CERTIFICATES) break;
      if (tree.kind(node) !== NodeKind.string) continue;
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

/** What may be a certificate. In a dump resources are looked through once: most hold no such text. */
function inlineTexts({ tree, parts }: DocumentFacts): NodeId[] {
  if (parts.length === 0 || parts.some(({ kind }) => kind !== 'dump')) return nodesUnderKeys(tree, KEYS);
  const find = keyFinder(tree, KEYS);
  const found: NodeId[] = [];
  for (const { list } of parts)
    for (const [index, id] of list.nodes.entries()) {
      if (isNoted(list, index, NOTE.hasNoInline)) continue;
      const inside = find(id, tree.columns.nexts[id] ?? id);
      if (inside.length === 0) note(list, index, NOTE.hasNoInline);
      found.push(...inside);
    }
  // Resources of a bootstrap lie in another one.
  return [...new Set(found)].sort((a, b) => a - b);
}

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
