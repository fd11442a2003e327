/** A tunnel's request ends when the tunnel does: a filter that waits for its end holds it until a timeout answers. */
import type { ConfigNode } from '../../schema/configNode';
import type { HopResult } from '../hop';
import { isUpgrade } from '../http/isUpgrade';
import { ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { answer, tell, type FilterCall } from './filterCall';
import type { LocalReply } from '../http/localReply/replyParts';

/**
 * Of CONNECT and of upgrades only; undefined for other requests. Clients send nothing into a tunnel before it is open, so nothing goes on
 * (Envoy: buffer_filter.cc decodeHeaders, http1/codec_impl.cc handling_upgrade_).
 */
export function holdTunnel(call: FilterCall, at: ConfigNode): HopResult | undefined {
  const { request } = call.http;
  if (request.method !== 'CONNECT' && !isUpgrade(request)) return undefined;
  const waits = say`it waits for the end of the request, and a tunnel's request ends with the tunnel`;
  const timeout = firstTimeout(call);
  if (timeout) return answer(call, 'local_reply', timeout.reply, { because: say`${waits}; ${words(timeout.name)} passes first`, at });
  tell(call, say`filter ${call.name} holds the request`, { because: say`${waits}; no timeout ends it`, at });
  return ending('closed');
}

interface Timeout {
  readonly name: string;
  /** In milliseconds; 0 or undefined: none. */
  readonly after: number | undefined;
  readonly reply: LocalReply;
}

const STREAM_IDLE_TIMEOUT = 300_000;

/** What ends a request that makes no progress (Envoy: conn_manager_impl.cc onStreamIdleTimeout, onRequestTimeout, onStreamMaxDurationReached). */
function firstTimeout({ http: { manager, route } }: FilterCall): Timeout | undefined {
  const ofRoute = route?.get('route');
  const idle = ofRoute?.duration('idle_timeout') ?? manager.duration('stream_idle_timeout') ?? STREAM_IDLE_TIMEOUT;
  const longest =
    ofRoute?.get('max_stream_duration')?.duration('max_stream_duration') ??
    manager.get('common_http_protocol_options')?.duration('max_stream_duration');
  // Of equal ones the timer that was set first.
  const timeouts: Timeout[] = [
    { name: 'request_timeout', after: manager.duration('request_timeout'), reply: timedOut('request_overall_timeout', 'request timeout') },
    { name: 'max_stream_duration', after: longest, reply: timedOut('max_duration_timeout', 'downstream duration timeout') },
    { name: 'stream_idle_timeout', after: idle, reply: { ...timedOut('stream_idle_timeout', 'stream timeout'), flags: ['SI'] } },
  ];
  return timeouts.filter(({ after }) => after !== undefined && after > 0).sort((one, other) => (one.after ?? 0) - (other.after ?? 0))[0];
}

function timedOut(details: string, body: string): LocalReply {
  return { code: 408, details, body };
}
