/** How a request ends, by what Istio's simulation calls it. */
import type { Disposition } from '../../server/src/protocol/trace';

export const DISPOSITIONS: Readonly<Record<string, Disposition>> = {
  no_listener: 'no_listener',
  no_filter_chain: 'no_filter_chain',
  multiple_filter_chains: 'config_rejected',
  tls_error: 'tls_error',
  mtls_error: 'tls_error',
  protocol_error: 'protocol_error',
  no_virtual_host: 'no_route',
  no_route: 'no_route',
  tls_redirect: 'redirect',
};
