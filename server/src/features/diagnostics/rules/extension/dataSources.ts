/** Data sources that their extension cannot use (source/common/config/datasource.cc and the filters with proto descriptors). */
import type { ConfigNode } from '../../../../schema/configNode';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

const HTTP = 'envoy.extensions.filters.http';
const NAMES = ['filename', 'inline_bytes', 'inline_string', 'environment_variable'];

const descriptor =
  (...path: string[]): CheckMessage =>
  (config) => [checkDescriptor(config.path(...path), config)];

/** Filters that read descriptors of protos: from a file or from bytes. */
export const dataSources: Readonly<Record<string, CheckMessage>> = {
  [`${HTTP}.grpc_field_extraction.v3.GrpcFieldExtractionConfig`]: descriptor('descriptor_set'),
  [`${HTTP}.proto_message_extraction.v3.ProtoMessageExtractionConfig`]: descriptor('data_source'),
  [`${HTTP}.proto_api_scrubber.v3.ProtoApiScrubberConfig`]: descriptor('descriptor_set', 'data_source'),
  [`${HTTP}.grpc_json_reverse_transcoder.v3.GrpcJsonReverseTranscoder`]: (config) => [
    config.has('descriptor_path') || config.has('descriptor_binary') || config.isIncomplete
      ? undefined
      : errorAt(config, 'A proto descriptor must be set.'),
  ],
  [`${HTTP}.basic_auth.v3.BasicAuth`]: (config) => [checkNotEmpty(config.get('users'), config, '"users"')],
  [`${HTTP}.basic_auth.v3.BasicAuthPerRoute`]: (config) => [checkNotEmpty(config.get('users'), config, '"users"')],
};

function checkDescriptor(source: ConfigNode | undefined, owner: ConfigNode): Problem | undefined {
  if (owner.isIncomplete || source?.isIncomplete) return undefined;
  const given = NAMES.filter((name) => source?.has(name));
  return given.includes('filename') || given.includes('inline_bytes')
    ? undefined
    : errorAt(source ?? owner, 'The descriptors of protos must be given by "filename" or "inline_bytes".');
}

function checkNotEmpty(source: ConfigNode | undefined, owner: ConfigNode, what: string): Problem | undefined {
  if (owner.isIncomplete || source?.isIncomplete) return undefined;
  const given = NAMES.flatMap((name) => source?.get(name) ?? [])[0];
  if (!given) return errorAt(source ?? owner, `${what} must be given.`);
  return given.asString() === '' ? errorAt(given, `${what} cannot be empty.`) : undefined;
}
