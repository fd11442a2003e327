/** filter_chain_matcher: the unified matcher names the chain (Envoy: filter_chain_manager_impl.cc, FilterChainNameAction). */
import type { ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import { formatSubstitution } from '../format/formatString';
import { addStep, type Hop } from '../hop';
import { evaluateLossy } from '../matcher/evaluateMatcher';
import { findLostActions } from '../matcher/lostActions';
import { matchContextOf } from '../matcher/matchContext';
import { cannotTell, ending, type Ending, type RejectedList } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';

export type NamedChain =
  | {
      readonly kind: 'name';
      readonly name: string;
      readonly action: ConfigNode;
      readonly because: Sentence;
      readonly rejected: RejectedList;
    }
  | { readonly kind: 'miss'; readonly because: Sentence; readonly rejected: RejectedList }
  | Ending;

const findLost = findLostActions();

export function matchByMatcher(hop: Hop, listener: ConfigNode): NamedChain {
  const matcher = listener.get('filter_chain_matcher');
  if (!matcher) return cannotTell(words('the filter_chain_matcher'));
  const context = matchContextOf(hop);
  const result = evaluateLossy(matcher, context, findLost);
  if (result.kind === 'lost') {
    addStep(hop, {
      stage: 'filter_chain',
      decision: words('Envoy ends here'),
      because: say`${'keep_matching'} in a filter_chain_matcher makes Envoy 1.40 crash on the first connection`,
      at: result.at,
      rejected: result.rejected,
    });
    return ending('closed');
  }
  switch (result.kind) {
    case 'insufficient':
      return cannotTell(result.missing);
    case 'no_match':
      return { kind: 'miss', because: say`the matcher finds no chain: ${result.because}`, rejected: result.rejected };
    case 'match': {
      const { action, because, rejected } = result;
      const name = nameOf(action, hop);
      if (name === KEPT_BACK)
        return cannotTell(words('the name of the filter chain in the action of the matcher, which the dump keeps back'));
      return typeof name === 'string' ? { kind: 'name', name, action, because, rejected } : name;
    }
  }
}

/** A StringValue's text, or a format string filled in; any other action is not known. */
function nameOf(action: ConfigNode, hop: Hop): string | Ending {
  const typed = action.typed();
  if (typed?.type === 'google.protobuf.StringValue') return typed.node.string('value');
  if (
    typed?.type === 'envoy.extensions.matching.actions.format_string.v3.ActionFormatString' ||
    typed?.type === 'envoy.config.core.v3.SubstitutionFormatString'
  ) {
    const text = formatSubstitution(typed.node, matchContextOf(hop));
    return text.kind === 'text' ? text.value : cannotTell(text.missing);
  }
  if (!typed) return action.string('name');
  return cannotTell(say`which filter chain the action ${typed.type || action.string('name')} names`);
}
