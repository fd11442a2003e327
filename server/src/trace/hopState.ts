/** Stretches of a path that are gone once: paths that part behind one take up a copy of what it has come to. */
import { copyConnection } from './facts/connection';
import type { Hop, HopResult, HopState } from './hop';
import { copyStream } from './httpStream';

/** Goes a stretch, unless a run before has gone it with the same answers: then `hop` becomes what it was at its end. A result ends the path. */
export function goOnce(hop: Hop, go: () => HopResult | undefined): HopResult | undefined {
  const known = hop.choices.recall();
  if (known) {
    takeUp(hop, known);
    return undefined;
  }
  const result = go();
  if (!result) hop.choices.keep(copyState(hop));
  return result;
}

/** A copy that shares nothing that a stage may change. */
export function copyState({ connection, record, doubts, listener, filterChain, http, onResponse, sessionHost }: HopState): HopState {
  return {
    connection: copyConnection(connection),
    record: { ...record, steps: [...record.steps] },
    ...(doubts && { doubts: [...doubts] }),
    ...(listener && { listener }),
    ...(filterChain && { filterChain }),
    ...(http && { http: copyStream(http) }),
    ...(onResponse && { onResponse: [...onResponse] }),
    ...(sessionHost && { sessionHost }),
  };
}

/** Connection, record and stream stay the objects that others hold. */
function takeUp(hop: HopState, known: HopState): void {
  const { connection, record, http, ...others } = copyState(known);
  Object.assign(hop, others);
  Object.assign(hop.connection, connection);
  Object.assign(hop.record, record);
  if (!http) return;
  if (hop.http) Object.assign(hop.http, http);
  else hop.http = http;
}
