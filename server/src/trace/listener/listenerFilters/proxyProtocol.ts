/** envoy.filters.listener.proxy_protocol (Envoy: source/extensions/filters/listener/proxy_protocol/proxy_protocol.cc). */
import { formatAddress } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import type { ConnectionFacts, ProxyHeaderLayer, ProxyVersion } from '../../facts/connection';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell, ending } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import { keepTlvs, keepTlvsOfClient } from './keepTlvs';
import type { ListenerFilter } from './listenerFilter';

/**
 * A client announces the source that the request names beside its `directSource`; without that, the peer itself.
 * Another proxy announces what its cluster's transport socket writes, and where it writes nothing the connection is closed.
 */
export function readProxyProtocol(hop: Hop, entry: ListenerFilter): HopResult | undefined {
  const { connection, isFirst } = hop;
  const header = connection.layers[0];
  const refused = refusedVersions(entry.config);
  if (refused.size === 2) return refuseAll(hop, entry);
  if (header?.kind === 'proxy_header')
    return refused.has(header.version)
      ? refuseVersion(hop, entry, say`version ${header.version} of the PROXY protocol`)
      : readHeader(hop, entry, header);
  if (connection.announcedSource && refused.size === 1)
    return cannotTell(
      say`which version of the PROXY protocol the client speaks: ${words([...refused].join())} is refused here, and a request does not say it`,
    );
  if (isFirst) keepTlvsOfClient(connection, entry.config);
  if (connection.announcedSource) return announce(hop, entry, connection.announcedSource);
  if (isFirst) return stay(hop, entry, words('the request names no other source than its peer'));
  const sendsNone = words('the proxy before this one sends no header of the PROXY protocol');
  if (entry.config.bool('allow_requests_without_proxy_protocol') === true) return stay(hop, entry, sendsNone);
  addStep(hop, { stage: 'listener_filter', decision: words('the connection is closed'), because: sendsNone, at: entry.filter });
  return ending('closed');
}

/** `disallowed_versions` */
function refusedVersions(config: ConfigNode): ReadonlySet<ProxyVersion> {
  return new Set(config.list('disallowed_versions').map((each) => (['V2', '1'].includes(each.asString() ?? '') ? 'V2' : 'V1')));
}

/** Envoy does not load such a listener: "all proxy protocol versions are disallowed". */
function refuseAll(hop: Hop, { filter, config }: ListenerFilter): HopResult {
  const because = words('disallowed_versions refuses every version of the PROXY protocol');
  addStep(hop, {
    stage: 'listener_filter',
    decision: say`Envoy refuses ${filter.string('name')}`,
    because,
    at: config.get('disallowed_versions'),
  });
  return ending('config_rejected');
}

/** Where requests without the protocol are let in, its bytes are taken for those of the request. */
function refuseVersion(hop: Hop, entry: ListenerFilter, what: Sentence): HopResult | undefined {
  const because = say`${what} is refused (disallowed_versions)`;
  if (entry.config.bool('allow_requests_without_proxy_protocol') === true) return stay(hop, entry, because);
  addStep(hop, { stage: 'listener_filter', decision: words('the connection is closed'), because, at: entry.filter });
  return ending('closed');
}

/** Addresses that differ from the socket's own are set; the local one counts as restored then. */
function readHeader(hop: Hop, entry: ListenerFilter, { source, destination, tlvs }: ProxyHeaderLayer): undefined {
  const { connection } = hop;
  connection.layers = connection.layers.slice(1);
  keepTlvs(connection, entry.config, tlvs);
  if (!source) return stay(hop, entry, words('the PROXY protocol header names no addresses'));
  announce(hop, entry, source);
  const { destination: before } = connection;
  if (!destination || (before && formatAddress(before) === formatAddress(destination))) return;
  connection.destination = destination;
  connection.restored = true;
  const because = words('the PROXY protocol header says where the client wanted to go');
  addStep(hop, { stage: 'listener_filter', decision: say`the destination is ${formatAddress(destination)}`, because, at: entry.filter });
}

function announce(hop: Hop, { filter }: ListenerFilter, announced: NonNullable<ConnectionFacts['source']>): undefined {
  const { connection } = hop;
  connection.directSource ??= connection.source;
  connection.source = announced;
  delete connection.announcedSource;
  addStep(hop, {
    stage: 'listener_filter',
    decision: say`the source is ${announced.ip}`,
    because: say`the PROXY protocol header of ${connection.directSource?.ip} announces it`,
    at: filter,
  });
}

function stay(hop: Hop, { filter }: ListenerFilter, because: Sentence): undefined {
  addStep(hop, { stage: 'listener_filter', decision: words('the source stays as it is'), because, at: filter });
}
