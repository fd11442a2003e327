/** Options of tcp_proxy that go together (source/common/tcp_proxy/tcp_proxy.cc). */
import { TCP_PROXY } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';

export const tcpProxyOptions = refusalRule('tcp-proxy-options', {
  [TCP_PROXY]: (proxy) => {
    const mode = proxy.get('upstream_connect_mode');
    if (!mode || proxy.isEnum('upstream_connect_mode', 'IMMEDIATE', 0) || proxy.has('max_early_data_bytes')) return [];
    return [errorAt(mode, '"max_early_data_bytes" must be set when "upstream_connect_mode" is not IMMEDIATE.')];
  },
});
