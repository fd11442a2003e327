/** What filter chains are chosen by. */
import type { ConnectionFacts } from '../facts/connection';
import type { Hop } from '../hop';

export interface ChainFacts {
  readonly connection: ConnectionFacts;
  readonly arrival: Pick<Hop['arrival'], 'kind'>;
}
