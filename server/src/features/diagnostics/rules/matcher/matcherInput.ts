/** Inputs, actions and matchers that a unified matcher does not take at its place. */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { matcherNodes } from '../../../../trace/matcher/matcherNodes';
import { MATCHER_PLACES, type MatcherPlace } from '../../../../trace/matcher/matcherPlaces';
import { refusedParts } from '../../../../trace/matcher/refusedParts';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { shortNameOf } from '../../../../schema/table/typeUrl';

export const matcherInput = refusalRule(
  'matcher-input',
  Object.fromEntries(
    Object.entries(MATCHER_PLACES).map(([type, place]) => [
      type,
      (owner) => place.fields.flatMap((field) => matcherNodes(owner.get(field)).flatMap((node) => checkNode(node, place))),
    ]),
  ),
);

function checkNode(node: ConfigNode, place: MatcherPlace): (Problem | undefined)[] {
  const refused = refusedParts(node, place).map(({ verb, type, at }) => errorAt(at, `${place.name} ${verb} "${type}".`));
  return [...refused, checkPair(node, node.path('custom_match', 'typed_config'))];
}

/** Inputs that are no text, each with the one matcher for it (source/common/matcher/field_matcher.h: data input types). */
const PAIRS: ReadonlyMap<string, string> = new Map([
  ['xds.type.matcher.v3.HttpAttributesCelMatchInput', 'xds.type.matcher.v3.CelMatcher'],
  [
    'envoy.extensions.filters.network.generic_proxy.matcher.v3.RequestMatchInput',
    'envoy.extensions.filters.network.generic_proxy.matcher.v3.RequestMatcher',
  ],
]);
const MATCHERS_OF_PAIRS: ReadonlySet<string> = new Set(PAIRS.values());

function checkPair(node: ConfigNode, matcher: ConfigNode | undefined): Problem | undefined {
  const input = node.path('input', 'typed_config');
  const wanted = input && PAIRS.get(readTyped(input).type);
  const given = matcher ? readTyped(matcher).type : '';
  if (!input || node.isIncomplete || given === wanted || (!wanted && !MATCHERS_OF_PAIRS.has(given))) return undefined;
  return errorAt(
    matcher?.entry('@type') ?? input.entry('@type') ?? input,
    wanted
      ? `Only "${shortNameOf(wanted)}" can look at "${shortNameOf(readTyped(input).type)}".`
      : `"${shortNameOf(given)}" does not support this input.`,
  );
}
