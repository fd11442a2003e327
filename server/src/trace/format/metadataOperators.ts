/** Operators that read metadata and filter state (Envoy: source/common/formatter/stream_info_formatter.cc, formatter/metadata). */
import type { ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import { NotKnown } from '../facts/notKnown';
import { followPath } from '../matcher/inputs/httpInputs';
import { say } from '../record/sentence';
import { knownCluster } from './knownCluster';
import type { FormatContext } from './formatString';
import { NOTHING, unknown, value, type Operators, type OperatorValue } from './operatorValue';

export const metadataOperators: Operators = {
  DYNAMIC_METADATA: readDynamicMetadata,
  METADATA: readConfiguredMetadata,
  CLUSTER_METADATA: (parameters, context) => readHolder(parameters, knownCluster(context)?.get('metadata')),
  UPSTREAM_METADATA: (parameters, context) => readHolder(parameters, hostMetadata(context)),
  FILTER_STATE: readFilterState,
  PER_REQUEST_STATE: (parameters, context) => readFilterState(`${parameters}:PLAIN`, context),
};

function readDynamicMetadata(parameters: string, { connection, http }: FormatContext): OperatorValue {
  return readMetadata(parameters, (namespace) => (http ?? connection).metadata.get(namespace));
}

/** Of the chosen host: none is chosen while the request's own headers are made. */
function hostMetadata({ endpoint, http }: FormatContext): ConfigNode | undefined {
  if (endpoint) return endpoint.metadata;
  return http?.answer || http?.seesHost === true ? http.chosen?.host?.metadata : undefined;
}

/** `METADATA(TYPE:namespace:key…)`. */
function readConfiguredMetadata(parameters: string, context: FormatContext): OperatorValue {
  const [type = '', ...rest] = parameters.split(':');
  const path = rest.join(':');
  const { hop, http } = context;
  switch (type) {
    case 'DYNAMIC':
      return readDynamicMetadata(path, context);
    case 'UPSTREAM_HOST':
      return readHolder(path, hostMetadata(context));
    case 'CLUSTER':
      return readHolder(path, knownCluster(context)?.get('metadata'));
    case 'ROUTE':
      return readHolder(path, http?.route?.get('metadata'));
    case 'VIRTUAL_HOST':
      return readHolder(path, http?.virtualHost?.get('metadata'));
    case 'LISTENER':
      return readHolder(path, hop.listener?.get('metadata'));
    case 'LISTENER_FILTER_CHAIN':
      return readHolder(path, hop.filterChain?.get('metadata'));
    default:
      return unknown(say`the metadata of ${type}`);
  }
}

function readHolder(parameters: string, metadata: ConfigNode | undefined): OperatorValue {
  return readMetadata(parameters, (namespace) => metadata?.get('filter_metadata')?.entry(namespace)?.toValue());
}

/** `namespace:key:…`, or the older `["namespace", "key", …]`. A text is given as it is, anything else as JSON with its keys in order. */
function readMetadata(parameters: string, read: (namespace: string) => unknown): OperatorValue {
  const [namespace = '', ...path] = metadataPath(parameters);
  const found = followPath(read(namespace), path);
  if (found === undefined || found === null) return NOTHING;
  if (found instanceof NotKnown) return unknown(found.missing);
  if (found === KEPT_BACK) return unknown(say`the metadata ${parameters}, which the dump keeps back`);
  return value(typeof found === 'string' ? found : JSON.stringify(sortKeys(found)));
}

function metadataPath(parameters: string): string[] {
  const trimmed = parameters.trim();
  if (!trimmed.startsWith('[')) return trimmed.split(':').map((part) => part.trim());
  try {
    const parsed: unknown = JSON.parse(trimmed);
    return Array.isArray(parsed) ? parsed.map(String) : [];
  } catch {
    return [];
  }
}

/** Envoy sorts, so that the text is always the same (source/common/json/json_utility.cc). */
function sortKeys(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(sortKeys);
  if (typeof given !== 'object' || given === null) return given;
  const entries = Object.entries(given).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, sortKeys(child)]));
}

/** `FILTER_STATE(key:PLAIN)`; without PLAIN (or FIELD) the object is printed as JSON. */
function readFilterState(parameters: string, { connection, http }: FormatContext): OperatorValue {
  const plain = /^(.*):PLAIN$/.exec(parameters);
  const key = plain?.[1] ?? parameters.replace(/:(?:TYPED|FIELD:.*)$/, '');
  const found = http?.filterState.get(key) ?? connection.filterState.get(key);
  if (!found) return NOTHING;
  if (found.unknown) return unknown(say`the filter state ${key}, which an opaque filter sets`);
  if (/:FIELD:/.test(parameters)) return unknown(say`a field of the filter state ${key}`);
  return value(plain ? found.value : JSON.stringify(found.value));
}
