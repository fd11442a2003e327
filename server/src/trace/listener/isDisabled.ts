/** ListenerFilterChainMatchPredicate: when a listener filter is skipped (Envoy: source/common/network/filter_matcher.h). */
import type { ConfigNode } from '../../schema/configNode';
import type { ConnectionFacts } from '../facts/connection';
import { say, words, type Sentence } from '../record/sentence';

/** The reason why the filter is skipped; undefined where it runs. */
export function isDisabled(predicate: ConfigNode | undefined, connection: ConnectionFacts): Sentence | undefined {
  return predicate && holds(predicate, connection, 0) ? say`its ${'filter_disabled'} holds for ${portOf(connection)}` : undefined;
}

function holds(predicate: ConfigNode, connection: ConnectionFacts, depth: number): boolean {
  if (depth > 100) return false;
  const next = (each: ConfigNode): boolean => holds(each, connection, depth + 1);
  const or = predicate.get('or_match');
  if (or) return or.list('rules').some(next);
  const and = predicate.get('and_match');
  if (and) return and.list('rules').every(next);
  const not = predicate.get('not_match');
  if (not) return !next(not);
  if (predicate.bool('any_match') === true) return true;
  const range = predicate.get('destination_port_range');
  if (!range) return false;
  const { destination } = connection;
  // An address without a port counts as inside.
  if (destination?.kind !== 'ip') return true;
  return destination.port >= (range.number('start') ?? 0) && destination.port < (range.number('end') ?? 0);
}

function portOf({ destination }: ConnectionFacts): Sentence {
  return destination?.kind === 'ip' ? say`destination port ${destination.port}` : words('a destination without port');
}
