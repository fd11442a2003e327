/** A resource that the proxy refused (NACK): it goes on with what it had before. The reason is Envoy's own. */
import { ConfigNode } from '../../../../schema/configNode';
import { nodesUnderKeys } from '../../nodesUnderKeys';
import { keySpanOf, warningAt } from '../../problem';
import type { DiagnosticRule, Problem, RuleContext } from '../../rule';

export const rejectedResource: DiagnosticRule = {
  code: 'rejected-resource',
  applies: 'always',
  check: ({ facts }: RuleContext): Problem[] => {
    const { tree } = facts;
    return nodesUnderKeys(tree, ['error_state', 'errorState']).flatMap((node) => {
      const state = new ConfigNode(tree, node);
      const details = state.string('details');
      const span = keySpanOf(state);
      if (details === '' && !state.has('failed_configuration')) return [];
      const message = `The proxy refused this configuration${details === '' ? '.' : `: ${details}`}`;
      return [warningAt(state.get('details') ?? state, message, span ? { span } : {})];
    });
  },
};
