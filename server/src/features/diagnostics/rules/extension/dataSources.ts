/** Data sources that their extension cannot use (source/common/config/datasource.cc and the filters with proto descriptors). */
import { DATA_SOURCE_FIELDS } from '../../../../model/dataSource';
import { readDescriptorSet, type DescriptorSet } from '../../../../model/descriptorSet';
import type { ConfigNode } from '../../../../schema/configNode';
import { decodeBase64 } from '../../../../text/encoding';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { isGiven } from '../../settingChecks';

const HTTP = 'envoy.extensions.filters.http';

/** Where the descriptors are, and the field whose keys are methods. */
const descriptor =
  (path: readonly string[], methods: string): CheckMessage =>
  (config) => {
    const source = config.path(...path);
    const bytes = source?.get('inline_bytes');
    const names = config.map(methods).map(([name, value]) => ({ name, at: value }));
    return [checkDescriptor(source, config), ...(bytes ? checkSet(bytes, 'methods', names) : [])];
  };

/** Filters that read descriptors of protos: from a file or from bytes. */
export const dataSources: Readonly<Record<string, CheckMessage>> = {
  [`${HTTP}.grpc_field_extraction.v3.GrpcFieldExtractionConfig`]: descriptor(['descriptor_set'], 'extractions_by_method'),
  [`${HTTP}.proto_message_extraction.v3.ProtoMessageExtractionConfig`]: descriptor(['data_source'], 'extraction_by_method'),
  [`${HTTP}.proto_api_scrubber.v3.ProtoApiScrubberConfig`]: (config, context) => [
    ...descriptor(['descriptor_set', 'data_source'], '')(config, context),
    ...checkScrubber(config),
  ],
  [`${HTTP}.grpc_json_transcoder.v3.GrpcJsonTranscoder`]: (config) => {
    const bytes = config.get('proto_descriptor_bin');
    const services = config.list('services').map((at) => ({ name: at.asString() ?? '', at }));
    // Without services the filter is off.
    return bytes && services.length > 0 ? checkSet(bytes, 'services', services) : [];
  },
  [`${HTTP}.grpc_json_reverse_transcoder.v3.GrpcJsonReverseTranscoder`]: (config) => [
    config.has('descriptor_path') || isGiven(config, 'descriptor_binary') || config.isIncomplete
      ? undefined
      : errorAt(config, 'A proto descriptor must be set.'),
    // Bytes are left unread beside a file.
    ...(config.string('descriptor_path') === '' ? onlyBytes(config.get('descriptor_binary')) : []),
  ],
  [`${HTTP}.basic_auth.v3.BasicAuth`]: (config) => [checkUsers(config)],
};

function checkDescriptor(source: ConfigNode | undefined, owner: ConfigNode): Problem | undefined {
  if (owner.isIncomplete || source?.isIncomplete) return undefined;
  const given = DATA_SOURCE_FIELDS.filter((name) => source?.has(name));
  return given.includes('filename') || given.includes('inline_bytes')
    ? undefined
    : errorAt(source ?? owner, 'The descriptors of protos must be given by "filename" or "inline_bytes".');
}

function onlyBytes(bytes: ConfigNode | undefined): (Problem | undefined)[] {
  return bytes ? checkSet(bytes, 'services', []) : [];
}

interface Wanted {
  readonly name: string;
  readonly at: ConfigNode;
}

/** Bytes that are no descriptors, an import that is left out, and what is not in them. */
function checkSet(bytes: ConfigNode, kind: 'services' | 'methods', wanted: readonly Wanted[]): (Problem | undefined)[] {
  const text = bytes.asString() ?? '';
  const decoded = text === '' ? new Uint8Array() : decodeBase64(text);
  // What is no base64 is told as that.
  if (!decoded || text.includes('...')) return [];
  const set = readDescriptorSet(decoded);
  if (!set) return [errorAt(bytes, 'Unable to parse the proto descriptor: these bytes are no FileDescriptorSet.')];
  if (set.missingImport !== undefined)
    return [
      errorAt(
        bytes,
        `Unable to build the proto descriptor pool: "${set.missingImport}" is imported and not in it (protoc --include_imports).`,
      ),
    ];
  const known = kind === 'services' ? set.services : methodNames(set);
  return wanted.map(({ name, at }) =>
    known.has(name) ? undefined : errorAt(at, `Could not find "${name.slice(0, 120)}" in the proto descriptor.`),
  );
}

/** Example: `package.Service.Method` */
function methodNames({ services }: DescriptorSet): ReadonlySet<string> {
  return new Set([...services.values()].flat().map(({ service, name }) => `${service}.${name}`));
}

/** proto_api_scrubber/filter_config.cc */
function checkScrubber(config: ConfigNode): (Problem | undefined)[] {
  const mode = config.get('filtering_mode');
  const bytes = decodeBase64(config.path('descriptor_set', 'data_source', 'inline_bytes')?.asString() ?? '?');
  const set = bytes && readDescriptorSet(bytes);
  const methods = set && methodNames(set);
  return [
    mode && !/^(?:OVERRIDE|0)$/i.test(mode.asString() ?? String(mode.asNumber()))
      ? errorAt(mode, 'Unsupported "filtering_mode".')
      : undefined,
    ...(config.get('restrictions')?.map('message_restrictions') ?? []).map(([name, at]) => messageName(name, at)),
    ...(config.get('restrictions')?.map('method_restrictions') ?? []).map(([name, at]) => methodName(name, at, methods)),
  ];
}

function messageName(name: string, at: ConfigNode): Problem | undefined {
  return /^[^.]+(?:\.[^.]+)+$/.test(name)
    ? undefined
    : errorAt(at, `Invalid message name: "${name.slice(0, 80)}" is not fully qualified (example: package.Message).`);
}

function methodName(name: string, at: ConfigNode, known: ReadonlySet<string> | undefined): Problem | undefined {
  const [, service = '', method = ''] = /^\/([^/*]+)\/([^/*]+)$/.exec(name) ?? [];
  if (service === '' || !/^\w+(?:\.\w+)*$/.test(service))
    return errorAt(at, `Invalid method name: "${name.slice(0, 80)}" is not of the form "/package.Service/Method".`);
  return known && !known.has(`${service}.${method}`)
    ? errorAt(at, `Invalid method name: "${name.slice(0, 80)}" is not found in the descriptor.`)
    : undefined;
}

function checkUsers(owner: ConfigNode): Problem | undefined {
  const source = owner.get('users');
  if (owner.isIncomplete || source?.isIncomplete) return undefined;
  const given = DATA_SOURCE_FIELDS.flatMap((name) => source?.get(name) ?? [])[0];
  if (!given) return errorAt(source ?? owner, '"users" must be given.');
  return given.asString() === '' ? errorAt(given, '"users" cannot be empty.') : undefined;
}
