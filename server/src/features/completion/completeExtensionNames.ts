/** Completion of the names of extensions, together with the `typed_config` that goes with them. */
import { extensionMessages } from '../../schema/table/extensionNames';
import { messageType } from '../../schema/table/messageType';
import { NO_NODE } from '../../syntax/tree/syntaxTree';
import type { Cursor } from './cursor';
import { typeUrl } from './completeTypes';
import { extensionName, routeSettingsOf, typesForHolder } from './fittingExtensions';
import { typedLines, type Body, type BodyStyle } from './writeBody';
import type { Candidate } from './writeCandidates';
import { shortNameOf } from '../../schema/table/typeUrl';

/** In the `name` beside a `typed_config`; an extension whose configuration is not there yet brings it along. */
export function completeExtensionNames(cursor: Cursor): Candidate[] {
  const { schema, facts, parent, comments } = cursor;
  const { owner, field } = schema ?? {};
  if (field?.name !== 'name' || !(owner?.fields.has('typed_config') ?? false)) return [];
  const isConfigured = ['typed_config', 'typedConfig', 'config_discovery', 'configDiscovery', 'config'].some(
    (key) => facts.tree.child(parent, key) !== NO_NODE,
  );
  return typesForHolder(cursor, parent).map((type): Candidate => {
    const documentation = comments.commentOf(type);
    return {
      name: extensionName(type),
      kind: 'type',
      detail: shortNameOf(type),
      rank: extensionMessages.has(extensionName(type)) ? 0 : 1,
      ...(!isConfigured && { body: configurationOf(type, cursor) }),
      ...(documentation !== undefined && { documentation }),
    };
  });
}

/** Below the `name`, at the same column. */
function configurationOf(type: string, { style }: Cursor): Body {
  const key = style.isCamel ? 'typedConfig' : 'typed_config';
  return { sameLine: '', lines: [`${key}:`, ...settingsLines(type, style)] };
}

/** Indented below the key that has them. */
export function settingsLines(type: string, style: BodyStyle): string[] {
  return typedLines(typeUrl(type), messageType(type), style).map((line) => style.step + line);
}

/** What a route holds for a filter of that name, below its key in `typed_per_filter_config`. */
export function routeSettingsBody(cursor: Cursor, filterName: string): Body | undefined {
  const [type] = routeSettingsOf(cursor, filterName);
  return type === undefined ? undefined : { sameLine: '', lines: settingsLines(type, cursor.style) };
}

const HTTP_PROTOCOL_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** Keys of `typed_extension_protocol_options` of a cluster that Envoy knows (envoy: docs of Cluster.typed_extension_protocol_options). */
export function completeProtocolOptions({ around, facts, parent, comments, style }: Cursor): Candidate[] {
  if (around?.field?.name !== 'typed_extension_protocol_options' || around.isItem) return [];
  if (facts.tree.child(parent, HTTP_PROTOCOL_OPTIONS) !== NO_NODE) return [];
  const documentation = comments.commentOf(HTTP_PROTOCOL_OPTIONS);
  return [
    {
      name: HTTP_PROTOCOL_OPTIONS,
      kind: 'key',
      opensBlock: true,
      detail: 'HTTP',
      body: { sameLine: '', lines: settingsLines(HTTP_PROTOCOL_OPTIONS, style) },
      ...(documentation !== undefined && { documentation }),
    },
  ];
}
