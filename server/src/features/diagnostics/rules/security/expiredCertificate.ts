/** A certificate that has expired, or is not valid yet. */
import { readCertificates, type Certificate } from '../../../../model/certificate';
import { inlineText } from '../../../../model/dataSource';
import { ConfigNode } from '../../../../schema/configNode';
import type { Resource } from '../../../../model/resources/resource';
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../../../../syntax/tree/syntaxTree';
import type { DocumentFacts } from '../../../../index/documentFacts';
import { keyFinder } from '../../nodesUnderKeys';
import { warningAt } from '../../problem';
import { isNoted, note, NOTE } from '../../../../model/resources/resourceNotes';
import type { DiagnosticRule, Problem, RuleContext } from '../../rule';

/** Bundles of CAs are read up to here, over the whole document. */
const MAX_CERTIFICATES = 200;
const KEYS = ['inline_bytes', 'inlineBytes', 'inline_string', 'inlineString'];
const PEM_STARTS = ['-----BEGIN CERTIFICATE', 'LS0tLS1CRUdJTi'];

export const expiredCertificate: DiagnosticRule = {
  code: 'expired-certificate',
  applies: 'always',
  check: ({ facts, proxy }: RuleContext): Problem[] => {
    const found: Problem[] = [];
    let left = MAX_CERTIFICATES;
    for (const { node, certificates } of inlineCertificates(facts)) {
      for (const certificate of certificates.slice(0, left)) {
        const problem = checkCertificate(new ConfigNode(facts.tree, node), certificate);
        // A dump is a picture of the past: that its certificates have expired since is no fault.
        if (problem) found.push(proxy?.kind === 'dump' ? { ...problem, severity: 'information' } : problem);
      }
      left -= Math.min(left, certificates.length);
    }
    return found;
  },
};

interface InlineCertificates {
  readonly node: NodeId;
  readonly certificates: readonly Certificate[];
}

/** In document order. In a dump resources are looked through once: most have none. */
function inlineCertificates({ tree, parts }: DocumentFacts): InlineCertificates[] {
  if (parts.length === 0 || parts.some(({ kind }) => kind !== 'dump')) return certificatesBelow(tree, 0, tree.size);
  const find = keyFinder(tree, KEYS);
  const found = new Map<NodeId, InlineCertificates>();
  for (const { list } of parts)
    for (let index = 0; index < list.length; index++) {
      if (isNoted(list, index, NOTE.hasNoInline)) continue;
      const id = list.nodes[index] ?? NO_NODE;
      if (find(id, tree.next(id)).length === 0) note(list, index, NOTE.hasNoInline);
      else
        // Resources of a bootstrap lie in another one.
        for (const { node, certificates } of list.ofOne(index, certificatesIn) ?? [])
          found.set(id + node, { node: id + node, certificates });
    }
  return [...found.values()].sort((a, b) => a.node - b.node);
}

/** Nodes are counted from the resource. */
const certificatesIn = ({ node: { tree, id } }: Resource): InlineCertificates[] =>
  certificatesBelow(tree, id, tree.next(id)).map(({ node, certificates }) => ({ node: node - id, certificates }));

function certificatesBelow(tree: SyntaxTree, from: NodeId, to: NodeId): InlineCertificates[] {
  return keyFinder(tree, KEYS)(from, to).flatMap((node): InlineCertificates[] => {
    const certificates = tree.kind(node) === NodeKind.string ? certificatesAt(new ConfigNode(tree, node)) : [];
    return certificates.length === 0 ? [] : [{ node, certificates }];
  });
}

function certificatesAt(value: ConfigNode): Certificate[] {
  const start = value.asString()?.trimStart() ?? '';
  const text = PEM_STARTS.some((each) => start.startsWith(each)) && value.parent ? inlineText(value.parent) : undefined;
  return text === undefined ? [] : readCertificates(text, MAX_CERTIFICATES);
}

function checkCertificate(at: ConfigNode, { commonName, notBefore, notAfter }: Certificate): Problem | undefined {
  const now = Date.now();
  const which = commonName === '' ? 'The certificate' : `The certificate of "${commonName}"`;
  if (notAfter.getTime() < now) return warningAt(at, `${which} expired on ${notAfter.toISOString().slice(0, 10)}.`);
  return notBefore.getTime() > now ? warningAt(at, `${which} is not valid before ${notBefore.toISOString().slice(0, 10)}.`) : undefined;
}
