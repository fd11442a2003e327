/** Inputs, actions, matchers and `keep_matching` that a unified matcher does not take at its place, so that Envoy does not load it (source/common/matcher/matcher.h, validation_visitor.h). */
import { memoizeByNode, readTyped, type ConfigNode } from '../../schema/configNode';
import { typesOfCategory } from '../../schema/extensions/extensionCategories';
import { hasMessage } from '../../schema/table/readTable';
import { say, words, type Sentence } from '../record/sentence';
import { keptMatches, matcherNodes } from './matcherNodes';
import { MATCHER_PLACES, type MatcherPlace } from './matcherPlaces';
import { shortNameOf } from '../../schema/table/typeUrl';

export interface RefusedPart {
  /** Goes on from the name of the place. Example: `cannot look at` */
  readonly verb: string;
  /** The last name of the part's message. */
  readonly type: string;
  readonly at: ConfigNode;
}

/** The parts of one message of a matcher (see `matcherNodes`) that the place does not take. */
export function refusedParts(node: ConfigNode, { inputs, actions, customMatchers }: MatcherPlace): RefusedPart[] {
  const matchers = node.isField('matcher_tree') ? customMatchers : typesOfCategory('matching.input_matchers');
  return [
    ...refuseType(node.path('input', 'typed_config'), inputs, 'cannot look at'),
    ...refuseType(node.path('action', 'typed_config'), actions, 'has no action'),
    ...refuseType(node.path('custom_match', 'typed_config'), matchers, 'cannot match with'),
  ];
}

/** Why Envoy refuses a matcher of a message of that type; undefined where nothing is known against it. */
export function refusalOfMatcher(owner: ConfigNode, type: string): { readonly because: Sentence; readonly at: ConfigNode } | undefined {
  return REFUSALS[type]?.(owner);
}

const REFUSALS = Object.fromEntries(
  Object.entries(MATCHER_PLACES).map(([type, place]) => [type, memoizeByNode((owner: ConfigNode) => findRefusal(owner, place))]),
);

function findRefusal(owner: ConfigNode, place: MatcherPlace): ReturnType<typeof refusalOfMatcher> {
  const name = words(place.name.charAt(0).toLowerCase() + place.name.slice(1));
  for (const field of place.fields) {
    const matcher = owner.get(field);
    const [part] = matcherNodes(matcher).flatMap((node) => refusedParts(node, place));
    if (part) return { because: say`${name} ${words(part.verb)} ${part.type}`, at: part.at };
    const [kept] = place.keeping === 'refused' ? keptMatches(matcher) : [];
    if (kept) return { because: say`${name} does not support ${'keep_matching'}`, at: kept };
  }
  return undefined;
}

function refuseType(config: ConfigNode | undefined, allowed: ReadonlySet<string>, verb: string): RefusedPart[] {
  if (!config) return [];
  const { type } = readTyped(config);
  const isKnown = type.startsWith('google.protobuf.') || hasMessage(type);
  if (type === '' || allowed.has(type) || !isKnown || type.includes('dynamic_modules')) return [];
  return [{ verb, type: shortNameOf(type), at: config.entry('@type') ?? config }];
}
