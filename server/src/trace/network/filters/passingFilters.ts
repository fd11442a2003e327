/** Network filters that watch or limit the connection and do not change where it goes. */
import { addStep } from '../../hop';
import { say, words, type Sentence } from '../../record/sentence';
import type { NetworkFilter } from '../networkFilter';

const NETWORK = 'envoy.extensions.filters.network';

export const passingFilters: readonly [string, NetworkFilter][] = [
  [
    `${NETWORK}.connection_limit.v3.ConnectionLimit`,
    passWith(words('one connection is under the limit; under load it may close connections')),
  ],
  [`${NETWORK}.geoip.v3.Geoip`, passWith(words("it notes the client's place in the filter state"))],
  [`${NETWORK}.tcp_bandwidth_limit.v3.TcpBandwidthLimit`, passWith(words('it slows down bytes'))],
  [`${NETWORK}.mongo_proxy.v3.MongoProxy`, passWith(words('it watches the MongoDB protocol'))],
  [`${NETWORK}.zookeeper_proxy.v3.ZooKeeperProxy`, passWith(words('it watches the ZooKeeper protocol'))],
  [`${NETWORK}.mysql_proxy.v3.MySQLProxy`, passWith(words('it watches the MySQL protocol'))],
  [`${NETWORK}.postgres_proxy.v3alpha.PostgresProxy`, passWith(words('it watches the PostgreSQL protocol'))],
  [`${NETWORK}.kafka_broker.v3.KafkaBroker`, passWith(words('it watches the Kafka protocol'))],
  [`${NETWORK}.meta_protocol_proxy.v3.MetaProtocolProxy`, passWith(words('it watches the protocol'))],
];

/** Says that the filter has no say. */
export function passWith(because: Sentence): NetworkFilter {
  return {
    terminal: false,
    run: (hop, { filter }) => {
      addStep(hop, { stage: 'network_filter', decision: say`${filter.string('name')} lets the connection pass`, because, at: filter });
      return undefined;
    },
  };
}
