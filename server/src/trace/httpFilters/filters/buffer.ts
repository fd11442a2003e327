/** envoy.filters.http.buffer (Envoy: source/extensions/filters/http/buffer/buffer_filter.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HopResult } from '../../hop';
import { announcedLength } from '../../http/codec/announcedBody';
import { say, words } from '../../record/sentence';
import { answer, pass, type FilterCall } from '../filterCall';
import { holdTunnel } from '../holdTunnel';
import { routeConfigOf } from '../perRouteConfig';

/** Waits for the whole body; one that is announced as too long is refused. */
export function runBuffer(call: FilterCall): HopResult | undefined {
  const perRoute = routeConfigOf(call.http, call.name)?.node;
  if (perRoute?.bool('disabled') === true) return pass(call, { because: words('the route turns it off'), at: perRoute });
  const config = perRoute?.get('buffer') ?? call.config;
  return (
    refuseLongBody(call, config) ??
    holdTunnel(call, config) ??
    pass(call, { because: words('it waits for the whole body and refuses large ones only (413)'), at: config })
  );
}

/** envoy.filters.http.body_size_limit: the same limit, without waiting (observed with Envoy 1.40). */
export function runBodySizeLimit(call: FilterCall): HopResult | undefined {
  const config = routeConfigOf(call.http, call.name)?.node ?? call.config;
  return (
    refuseBody(call, config, 'content length too large') ?? pass(call, { because: words('it refuses large bodies only (413)'), at: config })
  );
}

/**
 * The answer to a body that is too long to be kept until its end. What comes with the end of the stream is not kept: on HTTP/1 nothing does,
 * on HTTP/2 the last DATA frame, which may be all of the body (FilterManager::decodeData; observed with Envoy 1.40).
 */
export function refuseLongBody(call: FilterCall, config: ConfigNode): HopResult | undefined {
  const { hop, http } = call;
  const limit = config.number('max_request_bytes') ?? Infinity;
  const length = announcedLength(http.request) ?? 0;
  if (length <= limit) return undefined;
  const mayFit = http.request.version === 'http3' || (http.request.version === 'http2' && length - MAX_DATA_FRAME <= limit);
  const at = config.get('max_request_bytes') ?? config;
  const frames = [
    { value: `more than ${limit} bytes of the body come before its last DATA frame`, probability: null, at },
    { value: `the last DATA frame brings all but ${limit} bytes of the body`, probability: null, at },
  ];
  return mayFit && hop.choices.choose('fraction', frames) === 1 ? undefined : refuseBody(call, config, 'Payload Too Large');
}

/** Bytes, unless a server's SETTINGS allow more, and Envoy's do not (RFC 9113, 6.5.2, SETTINGS_MAX_FRAME_SIZE). */
const MAX_DATA_FRAME = 16384;

function refuseBody(call: FilterCall, config: ConfigNode, body: string): HopResult | undefined {
  const limit = config.number('max_request_bytes');
  const length = announcedLength(call.http.request);
  if (limit === undefined || length === undefined || length <= limit) return undefined;
  return answer(
    call,
    'local_reply',
    { code: 413, details: 'request_payload_too_large', body },
    { because: say`the body has ${length} bytes, and it takes ${limit}`, at: config },
  );
}
