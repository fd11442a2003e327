/** Inputs, actions and matchers that a unified matcher does not take at its place. */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { typesOfCategory } from '../../../../schema/extensions/extensionCategories';
import { hasMessage } from '../../../../schema/table/readTable';
import { matcherNodes } from '../../matcherNodes';
import { MATCHER_PLACES, type MatcherPlace } from '../../matcherPlaces';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

export const matcherInput = refusalRule(
  'matcher-input',
  Object.fromEntries(
    Object.entries(MATCHER_PLACES).map(([type, place]) => [
      type,
      (owner) => place.fields.flatMap((field) => matcherNodes(owner.get(field)).flatMap((node) => checkNode(node, place))),
    ]),
  ),
);

function checkNode(node: ConfigNode, { name, inputs, actions, customMatchers }: MatcherPlace): (Problem | undefined)[] {
  const matcher = node.path('custom_match', 'typed_config');
  const isPredicate = !node.isField('matcher_tree');
  return [
    checkType(node.path('input', 'typed_config'), inputs, `${name} cannot look at`),
    checkType(node.path('action', 'typed_config'), actions, `${name} has no action`),
    checkType(matcher, isPredicate ? typesOfCategory('matching.input_matchers') : customMatchers, `${name} cannot match with`),
    checkPair(node, matcher),
  ];
}

function checkType(config: ConfigNode | undefined, allowed: ReadonlySet<string>, words: string): Problem | undefined {
  if (!config) return undefined;
  const { type } = readTyped(config);
  const isKnown = type.startsWith('google.protobuf.') || hasMessage(type);
  return type === '' || allowed.has(type) || !isKnown || type.includes('dynamic_modules')
    ? undefined
    : errorAt(config.entry('@type') ?? config, `${words} "${shortName(type)}".`);
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
      ? `Only "${shortName(wanted)}" can look at "${shortName(readTyped(input).type)}".`
      : `"${shortName(given)}" does not support this input.`,
  );
}

function shortName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
