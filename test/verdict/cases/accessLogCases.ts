/** Access logs: formats, filters, loggers, one rule of Envoy each: some break it, some only seem to. */
import type { JsonObject } from '../json';
import { MANAGER, bootstrap, inLog, listener, manager, typed, type Case } from './frame';

const inlineString = (s: string) => ({ inline_string: s });
const grpc = { envoy_grpc: { cluster_name: 'c' } };
const grpcToNowhere = { envoy_grpc: { cluster_name: 'nope' } };
const accessLog = (filter: JsonObject): Case => [
  'alf ' + JSON.stringify(filter).slice(0, 100),
  MANAGER + '/access_log/0/filter',
  bootstrap([listener([manager({ access_log: [{ ...typed('o', 'access_loggers.stream.v3.StdoutAccessLog'), filter }] })])]),
];
const inLogFormat = (f: JsonObject): Case =>
  inLog('fmt ' + JSON.stringify(f).slice(0, 100), 'access_loggers.stream.v3.StdoutAccessLog', { log_format: f });
const inLogText = (s: string): Case =>
  inLog('txt ' + s, 'access_loggers.stream.v3.StdoutAccessLog', { log_format: { text_format_source: inlineString(s + '\n') } });

// prettier-ignore
export const accessLogCases: readonly Case[] = [
  // access logs
  inLogFormat({ text_format: '%START_TIME(%Y%)%' }),
  inLogFormat({ json_format: { a: '%NOPE%' } }),
  inLogFormat({ json_format: { a: { b: ['%REQ(x)%', '%NOPE%'] } } }),
  inLogFormat({ json_format: { a: 1, b: true, c: null } }),
  inLogFormat({ text_format: 'x', json_format: {} }),
  inLogFormat({}),
  inLogFormat({ text_format: '' }),
  inLogFormat({ text_format_source: {} }),
  inLogFormat({ text_format: '%METADATA(NOPE:a)%', formatters: [typed('x', 'formatter.metadata.v3.Metadata')] }),
  inLogFormat({ text_format: 'x', formatters: [typed('x', 'filters.http.router.v3.Router')] }),
  inLogFormat({ text_format: '%CEL(request.path)%', formatters: [typed('x', 'formatter.cel.v3.Cel')] }),
  inLogFormat({ text_format: '%CEL(request.(%', formatters: [typed('x', 'formatter.cel.v3.Cel')] }),
  inLogFormat({ text_format: '%REQ_WITHOUT_QUERY(x)%' }),
  inLogFormat({ text_format: '%REQ_WITHOUT_QUERY(x)%', formatters: [typed('x', 'formatter.req_without_query.v3.ReqWithoutQuery')] }),
  ...['%CEL(request.path)%', '%CEL(request.)%', '%CEL(nope)%', '%CEL(request.path.size())%', '%CEL(foo(1))%', '%REQ(X?Y?Z)%', '%REQ(X):0%', '%REQ(X):a%', '%REQ X%', '%PROTOCOL:5%', '%DYNAMIC_METADATA()%', '%DYNAMIC_METADATA%', '%DYNAMIC_METADATA(a:b:c):5%', '%FILTER_STATE(a:PLAIN:x)%', '%FILTER_STATE(a:FIELD)%', '%START_TIME(%s.%3f)%', '%START_TIME(%E4n)%', '%START_TIME%', '%DOWNSTREAM_PEER_CERT_V_START(%b %d)%', '%COMMON_DURATION(A:B)%', '%COMMON_DURATION(DS_RX_BEG:DS_RX_END:ms)%', '%COMMON_DURATION(DS_RX_BEG:DS_RX_END:xs)%', '%GRPC_STATUS(x)%', '%PATH(WQ:ORIG)%', '%PATH(X)%', '%QUERY_PARAM(a)%', '%QUERY_PARAM%', '%TRAILER(x)%', '%RESP(%', '%', '%%', '100%', '%REQ(X)', '%req(x)%', '%REQUEST_HEADER(x)%', '%UPSTREAM_METADATA(["a"])%', '%UPSTREAM_METADATA(a:b)%', '%ENVIRONMENT(HOME)%', '%ENVIRONMENT(NOPE_X)%', '%HOSTNAME(x)%', '%TRACE_ID:5%', '%REQ(:path?x):10%', '%RESPONSE_FLAGS%%RESPONSE_CODE%', '%DURATION%ms', '%UPSTREAM_PEER_CERT_V_END(%Q)%', '%START_TIME(\n)%', '%REQ(a b)%', '%REQ(é)%', '%REQ()%', '%REQ%', '%PATH(NQ:x)%', '%XFCC_VALUE(x)%', '%XFCC_VALUE(uri)%', '%TLS_JA3_FINGERPRINT%', '%FILTER_CHAIN_NAME(x)%'].map(inLogText),
  accessLog({}),
  accessLog({ and_filter: { filters: [{ not_health_check_filter: {} }] } }),
  accessLog({ status_code_filter: {} }),
  accessLog({ status_code_filter: { comparison: { op: 'GE', value: { default_value: 5 } } } }),
  accessLog({ response_flag_filter: { flags: ['XX'] } }),
  accessLog({ response_flag_filter: { flags: ['UH'] } }),
  accessLog({ header_filter: {} }),
  accessLog({ header_filter: { header: { name: 'x', string_match: { safe_regex: { regex: '(' } } } } }),
  accessLog({ extension_filter: typed('x', 'access_loggers.filters.cel.v3.ExpressionFilter', { expression: 'response.code >= 400' }) }),
  accessLog({ extension_filter: typed('x', 'access_loggers.filters.cel.v3.ExpressionFilter', { expression: 'response.code >=' }) }),
  accessLog({ extension_filter: typed('x', 'access_loggers.filters.cel.v3.ExpressionFilter', { expression: 'nope(1)' }) }),
  accessLog({ extension_filter: typed('x', 'access_loggers.filters.cel.v3.ExpressionFilter', { expression: '' }) }),
  accessLog({ extension_filter: { name: 'x' } }),
  accessLog({ log_type_filter: { types: ['x'] } }),
  accessLog({ grpc_status_filter: { statuses: ['x'] } }),
  accessLog({ runtime_filter: {} }),
  accessLog({ duration_filter: { comparison: { value: { default_value: 1, runtime_key: 'x' } } } }),
  accessLog({ metadata_filter: { matcher: { filter: 'a', path: [], value: {} } } }),
  inLog('grpc', 'access_loggers.grpc.v3.HttpGrpcAccessLogConfig', { common_config: { log_name: 'x', grpc_service: grpcToNowhere, transport_api_version: 'V3' } }),
  inLog('grpc none', 'access_loggers.grpc.v3.HttpGrpcAccessLogConfig', {}),
  inLog('grpc v', 'access_loggers.grpc.v3.HttpGrpcAccessLogConfig', { common_config: { log_name: 'x', grpc_service: grpc } }),
  inLog('grpc tags', 'access_loggers.grpc.v3.HttpGrpcAccessLogConfig', { common_config: { log_name: 'x', grpc_service: grpc, transport_api_version: 'V3', custom_tags: [{ tag: '' }] } }),
  inLog('otel', 'access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig', { grpc_service: grpc, body: { int_value: 5 } }),
  inLog('otel attr', 'access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig', { grpc_service: grpc, attributes: { values: [{ key: 'a', value: { int_value: 5 } }] } }),
  inLog('otel fmt', 'access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig', { grpc_service: grpc, body: { string_value: '%NOPE%' } }),
  inLog('otel attr fmt', 'access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig', { grpc_service: grpc, attributes: { values: [{ key: 'a', value: { string_value: '%NOPE%' } }] } }),
  inLog('otel bool', 'access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig', { grpc_service: grpc, attributes: { values: [{ key: 'a', value: { bool_value: true } }] } }),
  inLog('fluentd', 'access_loggers.fluentd.v3.FluentdAccessLogConfig', { cluster: 'nope', tag: 'x', stat_prefix: 'x', record: {} }),
  inLog('fluentd fmt', 'access_loggers.fluentd.v3.FluentdAccessLogConfig', { cluster: 'c', tag: 'x', stat_prefix: 'x', record: { a: '%NOPE%' } }),
  inLog('fluentd retry', 'access_loggers.fluentd.v3.FluentdAccessLogConfig', { cluster: 'c', tag: 'x', stat_prefix: 'x', record: { a: 'x' }, retry_options: { backoff_options: { base_interval: '5s', max_interval: '1s' } } }),
  inLog('stats', 'access_loggers.stats.v3.Config', { stat_prefix: 'x', counters: [{ stat: { name: 'x' }, value_format: 'x' }] }),
  inLog('stats hist', 'access_loggers.stats.v3.Config', { stat_prefix: 'x', histograms: [{ stat: { name: 'x' }, value_format: '%DURATION%%DURATION%' }] }),
  inLog('stats hist unit', 'access_loggers.stats.v3.Config', { stat_prefix: 'x', histograms: [{ stat: { name: 'x' }, unit: 'NOPE', value_format: '%DURATION%' }] }),
  inLog('stats tag', 'access_loggers.stats.v3.Config', { stat_prefix: 'x', counters: [{ stat: { name: 'x', tags: [{ name: 'a', value_format: '%NOPE%' }] }, value_fixed: 1 }] }),
  inLog('wrong', 'filters.http.router.v3.Router'),
];
