/** The files that a hand-written configuration names and that Envoy reads while it starts. Whether they are there is for whoever sees the disk to say. */
import type { DocumentFacts } from '../../index/documentFacts';
import { ConfigNode } from '../../schema/configNode';
import { writtenMessagesByType } from './documentMessages';

export interface NamedFile {
  readonly path: string;
  /** The text that names it. */
  readonly at: ConfigNode;
}

/** Fields that name files (source/common/config/datasource.cc, subscription_factory_impl.cc, grpc_json_transcoder). */
const FILES: readonly (readonly [message: string, field: string])[] = [
  ['envoy.config.core.v3.DataSource', 'filename'],
  ['envoy.config.core.v3.PathConfigSource', 'path'],
  ['envoy.config.core.v3.ConfigSource', 'path'],
  ['envoy.config.core.v3.WatchedDirectory', 'path'],
  ['envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder', 'proto_descriptor'],
  ['envoy.extensions.filters.http.file_system_buffer.v3.FileSystemBufferFilterConfig', 'storage_buffer_path'],
];

/** In document order; names that are templates are left out. */
export function namedFiles(facts: DocumentFacts): NamedFile[] {
  const messages = writtenMessagesByType(facts);
  return FILES.flatMap(([message, field]) =>
    (messages.get(message) ?? []).flatMap((id): NamedFile[] => {
      const at = new ConfigNode(facts.tree, id).get(field);
      const path = at?.asString() ?? '';
      return at && path !== '' && !/[{}$<>%]/.test(path) ? [{ path, at }] : [];
    }),
  ).sort((one, other) => one.at.id - other.at.id);
}
