/** Whether a way ends well, badly, or nobody can tell. */
import type { Disposition } from '../../server/src/protocol/trace';

export type Tone = 'good' | 'neutral' | 'bad' | 'unknown';

/** How an ending is coloured; its name always stands beside the colour. */
export function toneOf(disposition: Disposition): Tone {
  switch (disposition) {
    case 'upstream':
      return 'good';
    case 'direct_response':
    case 'redirect':
    case 'local_reply':
    case 'closed':
      return 'neutral';
    case 'insufficient_info':
      return 'unknown';
    case 'denied':
    case 'bad_request':
    case 'no_listener':
    case 'no_filter_chain':
    case 'no_route':
    case 'no_cluster':
    case 'no_endpoint':
    case 'tls_error':
    case 'protocol_error':
    case 'loop':
    case 'config_rejected':
      return 'bad';
  }
}
