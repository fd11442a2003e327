/** A name that refers to nothing in its proxy, where nothing can deliver it later. */
import { linksOf } from '../../../index/links';
import { proxiesOf } from '../../../index/buildSnapshot';
import { ConfigNode } from '../../../schema/configNode';
import type { DiagnosticRule, Problem, RuleContext } from '../rule';

export const danglingReference: DiagnosticRule = {
  code: 'dangling-reference',
  applies: 'always',
  check: ({ snapshot, facts }: RuleContext): Problem[] =>
    linksOf(snapshot, facts.uri)
      .filter(({ status, place }) => status === 'missing' && place.resource.state !== 'error')
      .map(({ kind, name, place }) => ({
        // Envoy takes routes to clusters that may come later; on a dump the name may be missing for good reason.
        severity: 'warning',
        at: new ConfigNode(facts.tree, place.node),
        ...(place.isKey && { span: facts.tree.keySpan(place.node) }),
        message: `There is no ${kind.replace(/_/g, ' ')} "${name}" in ${proxiesOf(snapshot, facts.uri)[0]?.kind === 'dump' ? 'this dump' : 'this configuration'}.`,
      })),
};
