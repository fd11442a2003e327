/** Format strings that Envoy cannot read: a `%` that begins no command, an unknown command, parameters that it does not take (source/common/formatter). */
import type { ConfigNode } from '../../../../schema/configNode';
import { TCP_PROXY } from '../../messageNames';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { describeWrongCommand } from '../../commandOperators';
import { NO_COMMANDS, ownCommands, type OwnCommands } from '../../ownCommands';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

const LOGGERS = 'envoy.extensions.access_loggers';

/** Fields that are format strings by themselves. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  'envoy.config.route.v3.RouteAction': ['path_rewrite', 'host_rewrite'],
  'envoy.config.route.v3.RedirectAction': ['path_rewrite'],
  'envoy.config.route.v3.Tracing': ['operation', 'upstream_operation'],
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing': ['operation', 'upstream_operation'],
  'envoy.type.tracing.v3.CustomTag': ['value'],
  'envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig.UdpTunnelingConfig': ['proxy_host', 'target_host'],
  'envoy.extensions.clusters.reverse_connection.v3.ReverseConnectionClusterConfig': ['host_id_format', 'tenant_id_format'],
  'envoy.extensions.filters.http.oauth2.v3.OAuth2Config': ['redirect_uri'],
  [`${LOGGERS}.stats.v3.Config.Counter`]: ['value_format'],
  [`${LOGGERS}.stats.v3.Config.Histogram`]: ['value_format'],
  [`${LOGGERS}.stats.v3.Config.Tag`]: ['value_format'],
};

export const formatString = refusalRule('format-string', {
  'envoy.config.core.v3.HeaderValueOption': (option) => [checkHeader(option)],
  'envoy.config.core.v3.SubstitutionFormatString': (format) => {
    const own = ownCommands(format);
    return [
      checkFormat(format.get('text_format'), own),
      checkFormat(format.path('text_format_source', 'inline_string'), own),
      ...leavesOf(format.get('json_format')).map((leaf) => checkFormat(leaf, own)),
    ];
  },
  [`${TCP_PROXY}.TunnelingConfig`]: (tunnel) => [checkFormat(tunnel.get('hostname'))],
  ...Object.fromEntries(
    Object.entries(FORMATS).map(([type, fields]): [string, CheckMessage] => [
      type,
      (owner) => fields.map((field) => checkFormat(owner.get(field))),
    ]),
  ),
  'envoy.extensions.filters.http.ext_authz.v3.AuthorizationRequest': (request) =>
    request.list('headers_to_add').map((header) => checkFormat(header.get('value'))),
  'envoy.extensions.filters.network.ratelimit.v3.RateLimit': (limit) =>
    limit.list('descriptors').flatMap((each) => each.list('entries').map((entry) => checkFormat(entry.get('value')))),
  'envoy.config.core.v3.GrpcService': (service) => service.list('initial_metadata').map((header) => checkFormat(header.get('value'))),
  [`${LOGGERS}.open_telemetry.v3.OpenTelemetryAccessLogConfig`]: (log) => {
    const own = ownCommands(log);
    return [...leavesOf(log.get('body')), ...leavesOf(log.get('attributes'))]
      .filter((leaf) => leaf.isField('string_value'))
      .map((leaf) => checkFormat(leaf, own));
  },
  [`${LOGGERS}.file.v3.FileAccessLog`]: (log) => [
    checkFormat(log.get('format')),
    ...['json_format', 'typed_json_format'].flatMap((field) => leavesOf(log.get(field)).map((leaf) => checkFormat(leaf))),
  ],
  [`${LOGGERS}.fluentd.v3.FluentdAccessLogConfig`]: (log) => {
    const own = ownCommands(log);
    return leavesOf(log.get('record')).map((leaf) => checkFormat(leaf, own));
  },
});

/** Headers have a command of old that no other format has (router/header_parser.cc). */
const OLD_COMMAND = /%PER_REQUEST_STATE\([^)]+\)%/g;

function checkHeader(option: ConfigNode): Problem | undefined {
  const value = option.path('header', 'value');
  const text = value?.asString() ?? '';
  return checkFormat(value, ownCommands(option), text.replace(OLD_COMMAND, ''));
}

/** The texts of a Struct. */
function leavesOf(struct: ConfigNode | undefined): ConfigNode[] {
  const found: ConfigNode[] = [];
  const pending = struct ? [struct] : [];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.isObject)
      pending.push(
        ...next
          .entries()
          .map(([, value]) => value)
          .reverse(),
      );
    else if (next.isArray) pending.push(...next.items().reverse());
    else if (typeof next.tree.scalar(next.id) === 'string') found.push(next);
  }
  return found;
}

/** `own`: commands besides those that all formats have. */
export function checkFormat(node: ConfigNode | undefined, own: OwnCommands = NO_COMMANDS, text = node?.asString()): Problem | undefined {
  const wrong = node && text !== undefined ? describeWrong(text, own) : undefined;
  return node && wrong !== undefined ? errorAt(node, `Incorrect format: ${wrong}${wrong.endsWith('?') ? '' : '.'}`) : undefined;
}

/** `%COMMAND%`, `%COMMAND(parameters)%`, `%COMMAND(parameters):length%`. */
const COMMAND = /%([A-Z0-9_]+)(?:\((.*?)\))?(?::(\d+))?%/y;

function describeWrong(text: string, { names, isOpen }: OwnCommands): string | undefined {
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at)) {
    if (text.charAt(at + 1) === '%') {
      at += 2;
      continue;
    }
    COMMAND.lastIndex = at;
    const command = COMMAND.exec(text);
    if (!command) return `no valid command begins at position ${at} ("${text.slice(at, at + 20).trim()}"); write %% for a percent sign`;
    const [whole, name = '', parameters = '', length] = command;
    const wrong = names.has(name) ? undefined : describeWrongCommand(name, { parameters, hasLength: length !== undefined, isOpen });
    if (wrong !== undefined) return wrong;
    at += whole.length;
  }
  return undefined;
}

/** How many commands and texts between them a format has; undefined where it is none. */
export function formatPieces(text: string): number | undefined {
  let pieces = 0;
  let isInText = false;
  for (let at = 0; at < text.length;) {
    COMMAND.lastIndex = at;
    const command = text.charAt(at) === '%' && text.charAt(at + 1) !== '%' ? COMMAND.exec(text) : null;
    if (text.charAt(at) === '%' && text.charAt(at + 1) !== '%' && !command) return undefined;
    if (command || !isInText) pieces++;
    isInText = !command;
    at += command ? command[0].length : text.charAt(at) === '%' ? 2 : 1;
  }
  return pieces;
}
