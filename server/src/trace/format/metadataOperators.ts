/** Operators that read metadata and filter state (Envoy: source/common/formatter/stream_info_formatter.cc, formatter/metadata). */
import type { ConfigNode } from '../../schema/configNode';
import { keepsBack } from '../../schema/keptBack';
import { fieldOfState, plainState, typedState } from '../facts/filterStateObject';
import { NotKnown } from '../facts/notKnown';
import { followPath } from '../matcher/inputs/httpInputs';
import { say } from '../record/sentence';
import { knownCluster } from './knownCluster';
import { jsonText } from './jsonText';
import { NOTHING, unknown, value, type Operators, type OperatorValue } from './operatorValue';
import type { FormatContext } from './formatContext';

export const metadataOperators: Operators = {
  DYNAMIC_METADATA: readDynamicMetadata,
  METADATA: readConfiguredMetadata,
  CLUSTER_METADATA: (parameters, context) => readHolder(parameters, knownCluster(context)),
  UPSTREAM_METADATA: (parameters, context) => readHost(parameters, context),
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
      return readHost(path, context);
    case 'CLUSTER':
      return readHolder(path, knownCluster(context));
    case 'ROUTE':
      return readHolder(path, http?.route);
    case 'VIRTUAL_HOST':
      return readHolder(path, http?.virtualHost);
    case 'LISTENER':
      return readHolder(path, hop.listener);
    case 'LISTENER_FILTER_CHAIN':
      return readHolder(path, hop.filterChain);
    default:
      return unknown(say`the metadata of ${type}`);
  }
}

function readHost(parameters: string, context: FormatContext): OperatorValue {
  return readConfigured(parameters, hostMetadata(context));
}

/** Of a message that has `metadata`. */
function readHolder(parameters: string, holder: ConfigNode | undefined): OperatorValue {
  const metadata = holder?.get('metadata');
  if (!metadata && holder?.isIncomplete === true) return lost(parameters);
  return readConfigured(parameters, metadata);
}

function readConfigured(parameters: string, metadata: ConfigNode | undefined): OperatorValue {
  if (metadata && isLost(metadata, metadataPath(parameters))) return lost(parameters);
  return readMetadata(parameters, (namespace) => metadata?.get('filter_metadata')?.entry(namespace)?.toValue());
}

/** The file leaves out what the path leads through, or a part of what it leads to. */
function isLost(metadata: ConfigNode, path: readonly string[]): boolean {
  const spaces = metadata.get('filter_metadata');
  if (!spaces) return metadata.isIncomplete;
  let at = spaces;
  for (const name of path) {
    const next = at.entry(name);
    if (!next) return at.isIncomplete;
    at = next;
  }
  return keepsBack(at);
}

function lost(parameters: string): OperatorValue {
  return unknown(say`the metadata ${parameters}, which the file leaves out`);
}

/** `namespace:key:…`, or the older `["namespace", "key", …]`. A text is given as it is, anything else as JSON with its keys in order. */
function readMetadata(parameters: string, read: (namespace: string) => unknown): OperatorValue {
  const [namespace = '', ...path] = metadataPath(parameters);
  const found = followPath(read(namespace), path);
  if (found === undefined || found === null) return NOTHING;
  if (typeof found === 'string') return value(found);
  const json = jsonText(found);
  return json instanceof NotKnown ? unknown(json.missing) : { kind: 'value', value: json, json };
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

/** `FILTER_STATE(key:PLAIN)`, `FILTER_STATE(key:FIELD:name)`; without either the object as JSON. */
function readFilterState(parameters: string, { connection, http }: FormatContext): OperatorValue {
  const [, key = '', how = '', field = ''] = /^(.*?)(?::(PLAIN|TYPED|FIELD)(?::(.*))?)?$/.exec(parameters) ?? [];
  const found = http?.filterState.get(key) ?? connection.filterState.get(key);
  if (!found) return NOTHING;
  if (found.unknown) return unknown(say`the filter state ${key}, which an opaque filter sets`);
  if (how === 'PLAIN') return orNothing(plainState(key, found));
  if (how === 'FIELD') return orNothing(fieldOfState(key, found, field));
  const json = typedState(key, found);
  return json === undefined ? NOTHING : { kind: 'value', value: json, json };
}

function orNothing(text: string | undefined): OperatorValue {
  return text === undefined ? NOTHING : value(text);
}
