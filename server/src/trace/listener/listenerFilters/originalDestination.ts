/** envoy.filters.listener.original_dst (Envoy: source/extensions/filters/listener/original_dst/original_dst.cc). */
import { objectAt } from '../../facts/filterStateObject';
import { formatAddress, parseIpPort, type Address } from '../../../model/address';
import { addStep, type Hop, type HopResult } from '../../hop';
import { NotKnown } from '../../facts/notKnown';
import { followPath } from '../../matcher/inputs/httpInputs';
import { cannotTell } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import type { ListenerFilter } from './listenerFilter';

const NAMESPACE = 'envoy.filters.listener.original_dst';

/** Gives a redirected socket its first destination back; an internal connection takes it from metadata or filter state. */
export function restoreOriginalDestination(hop: Hop, { filter }: ListenerFilter): HopResult | undefined {
  if (hop.arrival.kind === 'internal') return restoreInternal(hop, { filter, config: filter });
  const { originalDestination } = hop.connection;
  if (originalDestination)
    return restore(hop, originalDestination, {
      filter,
      because: words('the connection was redirected, and the kernel remembers where it was going'),
    });
  keep(hop, { filter, because: words('the connection was not redirected: the client came straight to this address') });
  return undefined;
}

interface Reason {
  readonly filter: ListenerFilter['filter'];
  readonly because: Sentence;
}

function restore(hop: Hop, destination: Address, { filter, because }: Reason): undefined {
  hop.connection.destination = destination;
  hop.connection.restored = true;
  addStep(hop, { stage: 'listener_filter', decision: say`the destination is ${formatAddress(destination)} again`, because, at: filter });
}

function keep(hop: Hop, { filter, because }: Reason): void {
  addStep(hop, { stage: 'listener_filter', decision: words('the destination stays as it is'), because, at: filter });
}

/** Host metadata `local`, else filter state `local_ip`; the source from filter state `remote_ip`. */
function restoreInternal(hop: Hop, { filter }: ListenerFilter): HopResult | undefined {
  const { connection } = hop;
  const remote = objectAt(connection.filterState, `${NAMESPACE}.remote_ip`);
  const source = remote?.unknown ? undefined : parseIpPort(remote?.value ?? '');
  if (source) connection.source = { ip: source.ip, port: source.port };
  const local = followPath(connection.metadata.get(NAMESPACE), ['local']);
  if (local instanceof NotKnown) return cannotTell(say`the endpoint's metadata ${`${NAMESPACE} local`}: ${local.missing}`);
  const byMetadata = typeof local === 'string' ? parseIpPort(local) : undefined;
  if (byMetadata) return restore(hop, byMetadata, { filter, because: say`the endpoint's metadata ${`${NAMESPACE} local`} says so` });
  // A text that is no address is not made up for by filter state.
  if (typeof local === 'string') {
    keep(hop, { filter, because: say`the endpoint's metadata ${`${NAMESPACE} local`} is ${local}, which is no address` });
    return undefined;
  }
  const state = objectAt(connection.filterState, `${NAMESPACE}.local_ip`);
  if (state?.unknown) return cannotTell(say`the filter state ${`${NAMESPACE}.local_ip`}, from which the destination is restored`);
  const byState = parseIpPort(state?.value ?? '');
  if (byState) return restore(hop, byState, { filter, because: say`the filter state ${`${NAMESPACE}.local_ip`} says so` });
  keep(hop, { filter, because: say`neither metadata nor filter state ${NAMESPACE} came along` });
  return undefined;
}
