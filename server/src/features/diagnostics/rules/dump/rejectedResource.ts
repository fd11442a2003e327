/** A resource that the proxy refused (NACK): it goes on with what it had before. The reason is Envoy's own. */
import { ConfigNode } from '../../../../schema/configNode';
import { keySpanOf, warningAt } from '../../problem';
import type { DiagnosticRule, Problem, RuleContext } from '../../rule';

export const rejectedResource: DiagnosticRule = {
  code: 'rejected-resource',
  applies: 'always',
  check: ({ facts }: RuleContext): Problem[] => {
    const { tree } = facts;
    const keys = [tree.idOfKey('error_state'), tree.idOfKey('errorState')].filter((id) => id >= 0);
    if (keys.length === 0) return [];
    const found: Problem[] = [];
    for (let node = 0; node < tree.size; node++)
      if (keys.includes(tree.columns.keyIds[node] ?? -1)) {
        const state = new ConfigNode(tree, node);
        const details = state.string('details');
        const span = keySpanOf(state);
        if (details !== '' || state.has('failed_configuration'))
          found.push(
            warningAt(
              state.get('details') ?? state,
              `The proxy refused this configuration${details === '' ? '.' : `: ${details}`}`,
              span ? { span } : {},
            ),
          );
      }
    return found;
  },
};
