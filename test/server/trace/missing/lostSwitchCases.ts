/** What turns something on or off, or says which bytes are taken, where the file has lost it or keeps it back. */
import { any, CUT, filter, missing, REST, ROUTE, type Fields, type MissingCase, type World } from './missingCase';

const KEPT = '[redacted]';
const FAULT = { abort: { http_status: 418, percentage: { numerator: 100 } } };

/** A filter that answers, and what the virtual host says of filters. */
const switched = (name: string, configs: Fields, fields: Fields = {}): World => ({
  http: [{ ...filter(name, 'fault.v3.HTTPFault', FAULT), ...fields }],
  virtualHost: { typed_per_filter_config: configs },
});
const disabled = (value: unknown): Fields => any('envoy.config.route.v3.FilterConfig', { disabled: value });

const detecting = (header_name: string): World => ({
  manager: {
    original_ip_detection_extensions: [
      {
        name: 'c',
        typed_config: any('envoy.extensions.http.original_ip_detection.custom_header.v3.CustomHeaderConfig', {
          header_name,
          reject_with_status: { code: 401 },
        }),
      },
    ],
  },
});

const ORIGINAL_DST = filter('o', 'envoy.extensions.filters.listener.original_dst.v3.OriginalDst');
const restoring = (listener_filters: unknown): World => ({
  listener: {
    address: { socket_address: { address: '0.0.0.0', port_value: 15_101 } },
    traffic_direction: 'OUTBOUND',
    listener_filters,
  },
});
const CAPTURED = { connection: { destination: '10.0.0.1:80', capture: 'outbound' } } as const;

const tells = (config: unknown): World => ({
  manager: { proxy_status_config: config },
  routes: [{ ...ROUTE, route: { cluster: 'b' } }],
});

export const lostSwitchCases: readonly MissingCase[] = [
  missing(
    'whether a route turns a filter off',
    { world: switched('f', { f: disabled(KEPT) }) },
    { world: switched('f', { f: disabled(true) }) },
  ),
  missing('whether a filter is on', { world: switched('f', {}, { disabled: KEPT }) }, { world: switched('f', {}, { disabled: true }) }),
  missing(
    'whether the route turns on a filter whose name is kept back',
    { world: switched(KEPT, { f: disabled(false) }, { disabled: true }) },
    { world: switched('f', { f: disabled(false) }, { disabled: true }) },
    'local_reply',
  ),
  missing(
    'which filter the route turns off',
    { world: switched('f', { [KEPT]: disabled(true) }) },
    { world: switched('f', { f: disabled(true) }) },
  ),
  missing('the header that tells the client, kept back', { world: detecting(KEPT) }, { world: detecting('x') }, 'denied'),
  missing(
    'whether a listener takes intercepted connections',
    { world: restoring([REST]), call: CAPTURED },
    { world: restoring([ORIGINAL_DST]), call: CAPTURED },
  ),
  missing(
    'whether one that loses a filter takes intercepted connections',
    { world: restoring([{ name: 'x', typed_config: CUT }]), call: CAPTURED },
    { world: restoring([ORIGINAL_DST]), call: CAPTURED },
  ),
  missing('the status of an answer', { world: tells(CUT) }, { world: tells({ set_recommended_response_code: true }) }, 'no_cluster'),
  missing('the codec that is kept back', { world: { manager: { codec_type: KEPT } } }, { world: { manager: { codec_type: 'AUTO' } } }),
  missing(
    'what becomes of a header with an underscore',
    { world: { manager: { common_http_protocol_options: CUT } }, call: { headers: { a_b: '1' } } },
    { world: { manager: { common_http_protocol_options: {} } } },
  ),
];
