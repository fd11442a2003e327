/** Inputs of the chosen host, for Cluster.transport_socket_matcher (Envoy: source/extensions/matching/common_inputs/transport_socket). */
import type { ConfigNode } from '../../../schema/configNode';
import { say } from '../../record/sentence';
import { readFilterState } from './connectionInputs';
import { followPath } from './httpInputs';
import { ABSENT, textOrAbsent, type InputReading } from './inputReading';
import type { ReadInput } from './inputReader';

const TRANSPORT_SOCKET = 'envoy.extensions.matching.common_inputs.transport_socket.v3';

export const endpointInputs: readonly [string, ReadInput][] = [
  [`${TRANSPORT_SOCKET}.EndpointMetadataInput`, (config, { endpoint }) => readMetadata(config, endpoint?.metadata)],
  [`${TRANSPORT_SOCKET}.LocalityMetadataInput`, (config, { endpoint }) => readMetadata(config, endpoint?.localityMetadata)],
  [`${TRANSPORT_SOCKET}.FilterStateInput`, readFilterState],
];

/** A string as it is; other values as Envoy prints them. The namespace is `envoy.transport_socket_match` where none is given. */
function readMetadata(config: ConfigNode, metadata: ConfigNode | undefined): InputReading {
  const namespace = config.string('filter') || 'envoy.transport_socket_match';
  const path = config.list('path').map((segment) => segment.string('key'));
  const value = followPath(metadata?.get('filter_metadata')?.entry(namespace)?.toValue(), path);
  const text = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  return { what: say`metadata ${namespace} ${path}`, value: text === undefined ? ABSENT : textOrAbsent(text) };
}
