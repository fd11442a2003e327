/** Settings of tracers, access loggers and taps that Envoy refuses (source/extensions/tracers, …/access_loggers, …/common/tap). */
import { isUdpSocket } from '../../../../model/address';
import type { ConfigNode } from '../../../../schema/configNode';
import type { CheckMessage } from '../../messageRule';
import { BOOTSTRAP, LISTENER } from '../../messageNames';
import { errorAt, warningAt } from '../../problem';
import type { Problem } from '../../rule';
import { exclusive, needsOneOf } from '../../settingChecks';
import { checkStatsMatcherType } from '../../statsMatcherMetadata';
import { formatPieces } from '../route/formatString';

const TRACE = 'envoy.config.trace.v3';
const LOGGERS = 'envoy.extensions.access_loggers';

export const observabilitySettings: Readonly<Record<string, CheckMessage>> = {
  [`${TRACE}.OpenTelemetryConfig`]: (config) => [
    needsOneOf(config, ['grpc_service', 'http_service', 'custom_exporter', 'exporter']),
    exclusive(config, 'grpc_service', 'http_service'),
  ],
  [`${TRACE}.ZipkinConfig`]: (config) => [
    config.has('collector_service')
      ? needsCollector(config.get('collector_service'))
      : (needsOneOf(config, ['collector_cluster']) ?? needsOneOf(config, ['collector_endpoint'])),
  ],
  'envoy.config.metrics.v3.StatsdSink': (sink) => {
    const name = sink.get('tcp_cluster_name');
    return [name?.asString() === '' ? errorAt(name, 'The cluster of the statistics must have a name.') : undefined];
  },
  [`${TRACE}.XRayConfig`]: (config) => [
    config.has('daemon_endpoint')
      ? checkDaemon(config.get('daemon_endpoint'))
      : needsOneOf(config, ['daemon_endpoint'], 'The daemon of X-Ray must be given as a UDP socket address.'),
  ],
  [`${LOGGERS}.open_telemetry.v3.OpenTelemetryAccessLogConfig`]: (config) => [
    exclusive(config, 'grpc_service', 'http_service'),
    secondTransport(config),
    config.path('common_config', 'grpc_service')
      ? undefined
      : needsOneOf(
          config,
          ['grpc_service', 'http_service'],
          'The logger needs one of "grpc_service", "http_service" and "common_config.grpc_service".',
        ),
  ],
  [`${LOGGERS}.stats.v3.Config`]: (config) => [
    needsOneOf(config, ['stat_prefix', 'stats_scope']),
    exclusive(config, 'stat_prefix', 'stats_scope'),
  ],
  [`${LOGGERS}.stats.v3.Config.Counter`]: (counter) => [
    needsOneOf(counter, ['value_format', 'value_fixed']),
    exclusive(counter, 'value_format', 'value_fixed'),
    oneSubstitution(counter.get('value_format')),
  ],
  [`${LOGGERS}.stats.v3.Config.Gauge`]: checkGauge,
  [`${LOGGERS}.stats.v3.Config.Histogram`]: (histogram) => [oneSubstitution(histogram.get('value_format'))],
  'opentelemetry.proto.common.v1.AnyValue': (value) => [logValue(value)],
  'opentelemetry.proto.common.v1.KeyValue': (attribute) => [emptyAttribute(attribute)],
  [`${LOGGERS}.filters.process_ratelimit.v3.ProcessRateLimitFilter`]: (filter, { messages }) => [
    needsOneOf(filter, ['dynamic_config']),
    needsAds(filter.path('dynamic_config', 'config_source'), messages(BOOTSTRAP)[0]),
    crashesAtOnce(filter.path('dynamic_config', 'config_source', 'api_config_source'), messages(BOOTSTRAP)[0]),
  ],
  [LISTENER]: checkStatsMatcherType,
  'envoy.extensions.tracers.opentelemetry.samplers.v3.CELSamplerConfig': (sampler) => [lacksExpression(sampler)],
  'envoy.config.tap.v3.TapConfig': (tap) => [needsOneOf(tap, ['match', 'match_config'])],
};

/** The limiter subscribes to its bucket at once, and without ADS there is nobody to ask (grpc_mux_impl.cc NullGrpcMuxImpl). */
function needsAds(source: ConfigNode | undefined, bootstrap: ConfigNode | undefined): Problem | undefined {
  const resources = bootstrap?.get('dynamic_resources');
  if (!source?.has('ads') || !bootstrap || bootstrap.isIncomplete || resources?.isIncomplete || resources?.has('ads_config'))
    return undefined;
  return errorAt(source, 'The bucket comes by ADS, and the bootstrap has no "ads_config".');
}

/** Observed with Envoy 1.40, in validate mode and when it starts: it ends with a segmentation fault, be it gRPC or REST. */
function crashesAtOnce(source: ConfigNode | undefined, bootstrap: ConfigNode | undefined): Problem | undefined {
  return source && bootstrap && !bootstrap.isIncomplete
    ? warningAt(source, 'Envoy 1.40 crashes when it starts with a bucket that comes by "api_config_source": use "ads" or a file.')
    : undefined;
}

/** stats.cc: when the gauge goes up, and when it goes down. */
function checkGauge(gauge: ConfigNode): (Problem | undefined)[] {
  const pair = gauge.get('add_subtract');
  const [add, subtract] = [pair?.enumName('add_log_type') ?? '', pair?.enumName('sub_log_type') ?? ''];
  return [
    needsOneOf(gauge, ['value_format', 'value_fixed']),
    exclusive(gauge, 'value_format', 'value_fixed'),
    oneSubstitution(gauge.get('value_format')),
    logType(gauge.get('set'), 'log_type'),
    logType(pair, 'add_log_type'),
    logType(pair, 'sub_log_type'),
    needsOneOf(gauge, ['set', 'add_subtract'], 'The gauge needs an operation: "set" or "add_subtract".'),
    exclusive(gauge, 'set', 'add_subtract', 'A gauge cannot both be set and be added to.'),
    pair && !isNotSet(add) && add === subtract
      ? errorAt(pair.get('sub_log_type') ?? pair, `The type of access log ${add} stands twice in the operations of the gauge.`)
      : undefined,
  ];
}

const isNotSet = (type: string): boolean => /^(?:|0|not_?set)$/i.test(type);

function logType(operation: ConfigNode | undefined, field: string): Problem | undefined {
  return operation && !operation.isIncomplete && isNotSet(operation.enumName(field))
    ? errorAt(operation.get(field) ?? operation, `The operation of the gauge needs a type of access log: "${field}".`)
    : undefined;
}

function lacksExpression(sampler: ConfigNode): Problem | undefined {
  const expression = sampler.get('expression');
  const isGiven = ['parsed_expr', 'checked_expr', 'cel_expr_parsed', 'cel_expr_checked', 'cel_expr_string'].some((name) =>
    expression?.has(name),
  );
  return sampler.isIncomplete || expression?.isIncomplete || isGiven
    ? undefined
    : errorAt(expression ?? sampler, 'The CEL expression is not set.');
}

/** stats.cc parseValueFormat */
function oneSubstitution(format: ConfigNode | undefined): Problem | undefined {
  const text = format?.asString() ?? '';
  const pieces = formatPieces(text);
  return format && text !== '' && pieces !== undefined && pieces !== 1
    ? errorAt(format, 'The value must be exactly one command operator.')
    : undefined;
}

/** open_telemetry/substitution_formatter.cc: what a log's body and attributes can be made of. */
function logValue(value: ConfigNode): Problem | undefined {
  const other = ['bool_value', 'int_value', 'double_value', 'bytes_value']
    .map((name) => value.get(name))
    .find((each) => each !== undefined);
  if (!other || !isInLogger(value)) return undefined;
  return errorAt(
    other,
    'Only texts, nested lists of keys and values, and arrays are supported in the format of an OpenTelemetry access log.',
  );
}

function emptyAttribute(attribute: ConfigNode): Problem | undefined {
  const value = attribute.get('value');
  if (attribute.isIncomplete || value?.isIncomplete || !isInLogger(attribute)) return undefined;
  const isEmpty = !value || value.entries().length === 0;
  return isEmpty ? errorAt(attribute, 'An attribute of an OpenTelemetry access log needs a value: a text, a list or an array.') : undefined;
}

function isInLogger(value: ConfigNode): boolean {
  for (let at: ConfigNode | undefined = value; at; at = at.parent) {
    if (at.isField('body', 'attributes')) return true;
    if (at.entry('@type')) return false;
  }
  return false;
}

/** Without a cluster the tracer finds none of that name. */
function needsCollector(service: ConfigNode | undefined): Problem | undefined {
  return service && !service.isIncomplete && !service.path('http_uri', 'cluster')?.asString()
    ? errorAt(service, 'The collector has no cluster: "http_uri" must name one.')
    : undefined;
}

function checkDaemon(address: ConfigNode | undefined): Problem | undefined {
  if (!address) return undefined;
  if (!isUdpSocket(address)) return errorAt(address, 'The daemon of X-Ray must be a UDP socket address.');
  const named = address.get('named_port');
  return named && errorAt(named, 'The port of the daemon must be a number.');
}

function secondTransport(config: ConfigNode): Problem | undefined {
  const inner = config.path('common_config', 'grpc_service');
  return inner && (config.has('grpc_service') || config.has('http_service'))
    ? errorAt(inner, 'Only one transport can be configured: "grpc_service" or "http_service" is set beside it.')
    : undefined;
}
