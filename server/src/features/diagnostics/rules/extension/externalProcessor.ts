/** What an external processor (ext_proc) is asked, and how (source/extensions/filters/http/ext_proc/config.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { exclusive, isGiven, needsOneOf } from '../../settingChecks';

const isMode = (mode: ConfigNode | undefined, field: string, ...values: readonly string[]): boolean =>
  values.includes(mode?.string(field).toUpperCase() ?? '');

/** Of an `ExternalProcessor`. */
export function checkExternalProcessor(config: ConfigNode): (Problem | undefined)[] {
  const mode = config.get('processing_mode');
  const at = mode ?? config;
  const sendsMore =
    ['request_body_mode', 'response_body_mode'].some((field) => !isMode(mode, field, '', 'NONE', '0')) ||
    ['request_trailer_mode', 'response_trailer_mode'].some((field) => isMode(mode, field, 'SEND', '1'));
  return [
    needsOneOf(config, ['grpc_service', 'http_service']),
    exclusive(config, 'grpc_service', 'http_service'),
    config.has('http_service') && mode && sendsMore ? errorAt(mode, 'With "http_service" bodies and trailers cannot be sent.') : undefined,
    ...['request', 'response'].map((side) =>
      isMode(mode, `${side}_body_mode`, 'FULL_DUPLEX_STREAMED', '4') && !isMode(mode, `${side}_trailer_mode`, 'SEND', '1')
        ? errorAt(mode?.get(`${side}_body_mode`) ?? at, `FULL_DUPLEX_STREAMED needs "${side}_trailer_mode" to be SEND.`)
        : undefined,
    ),
    isGiven(config, 'disable_clear_route_cache') && !isMode(config, 'route_cache_action', '', 'DEFAULT', '0')
      ? errorAt(config.get('route_cache_action') ?? config, '"disable_clear_route_cache" and "route_cache_action" exclude each other.')
      : undefined,
  ];
}
