/** What is left of an observation when the dump of a proxy on its way is missing. */
import type { Observation } from './observation';

/** As the README of `worlds` says: up to the first hop of a missing proxy, and there `upstream`. `open`: node ids. */
export function shortenObservation(observation: Observation, open: ReadonlySet<string>): Observation {
  const missing = observation.hops.findIndex(({ proxy }) => proxy !== undefined && !open.has(proxy));
  return missing < 0 ? observation : { disposition: 'upstream', hops: observation.hops.slice(0, missing) };
}
