/** A listener or cluster that still waits for what it needs (its routes, endpoints or secrets): it takes no traffic yet. */
import { indexesByKind } from '../../../../model/resources/indexesByKind';
import { keySpanOf, warningAt } from '../../problem';
import type { DiagnosticRule, Problem, RuleContext } from '../../rule';
import { inWords } from '../../../../text/inWords';

export const warmingResource: DiagnosticRule = {
  code: 'warming-resource',
  applies: 'always',
  check: ({ facts }: RuleContext): Problem[] =>
    facts.parts
      .flatMap(({ list }) => [...indexesByKind(list, 'warming').values()].flat().flatMap((index) => list.at(index) ?? []))
      .map(({ node, kind, name }) => {
        const at = node.get('name') ?? node;
        const span = keySpanOf(node);
        return warningAt(
          at,
          `The ${inWords(kind)} "${name}" is still warming: it waits for what it needs and takes no traffic.`,
          at === node && span ? { span } : {},
        );
      }),
};
