/** Of the registered extensions those that work on connections, and those of clusters (see registeredExtensions.ts). */

export const CONNECTION_EXTENSIONS: Readonly<Record<string, string>> = {
  clusters: `
    clusters.aggregate.v3.ClusterConfig clusters.composite.v3.ClusterConfig clusters.dns.v3.DnsCluster
    clusters.dynamic_forward_proxy.v3.ClusterConfig clusters.dynamic_modules.v3.ClusterConfig clusters.mcp_multicluster.v3.ClusterConfig
    clusters.original_dst.v3.OriginalDstCluster clusters.redis.v3.RedisClusterConfig
    clusters.reverse_connection.v3.ReverseConnectionClusterConfig`,
  'dubbo_proxy.filters': `
    filters.network.dubbo_proxy.router.v3.Router`,
  'filters.listener': `
    filters.listener.dynamic_modules.v3.DynamicModuleListenerFilter filters.listener.http_inspector.v3.HttpInspector
    filters.listener.local_ratelimit.v3.LocalRateLimit filters.listener.original_dst.v3.OriginalDst
    filters.listener.original_src.v3.OriginalSrc filters.listener.proxy_protocol.v3.ProxyProtocol
    filters.listener.set_filter_state.v3.Config filters.listener.tls_inspector.v3.TlsInspector`,
  'filters.network': `
    filters.network.connection_limit.v3.ConnectionLimit filters.network.direct_response.v3.Config
    filters.network.dubbo_proxy.v3.DubboProxy filters.network.dynamic_modules.v3.DynamicModuleNetworkFilter filters.network.echo.v3.Echo
    filters.network.ext_authz.v3.ExtAuthz filters.network.ext_proc.v3.NetworkExternalProcessor
    filters.network.generic_proxy.v3.GenericProxy filters.network.geoip.v3.Geoip
    filters.network.http_connection_manager.v3.HttpConnectionManager filters.network.local_ratelimit.v3.LocalRateLimit
    filters.network.mongo_proxy.v3.MongoProxy filters.network.ratelimit.v3.RateLimit filters.network.rbac.v3.RBAC
    filters.network.redis_proxy.v3.RedisProxy filters.network.reverse_tunnel.v3.DrainAwareHttpConnectionManager
    filters.network.reverse_tunnel.v3.ReverseTunnel filters.network.set_filter_state.v3.Config filters.network.sni_cluster.v3.SniCluster
    filters.network.sni_dynamic_forward_proxy.v3.FilterConfig filters.network.tcp_bandwidth_limit.v3.TcpBandwidthLimit
    filters.network.tcp_proxy.v3.TcpProxy filters.network.thrift_proxy.v3.ThriftProxy filters.network.wasm.v3.Wasm
    filters.network.zookeeper_proxy.v3.ZooKeeperProxy`,
  'filters.udp.session': `
    filters.udp.udp_proxy.session.dynamic_forward_proxy.v3.FilterConfig filters.udp.udp_proxy.session.ext_authz.v3.FilterConfig
    filters.udp.udp_proxy.session.http_capsule.v3.FilterConfig`,
  'filters.upstream_network': `
    google.protobuf.Empty`,
  'filters.udp_listener': `
    filters.udp.dns_filter.v3.DnsFilterConfig filters.udp.dynamic_modules.v3.DynamicModuleUdpListenerFilter
    filters.udp.udp_proxy.v3.UdpProxyConfig`,
  'generic_proxy.codecs': `
    filters.network.generic_proxy.codecs.dubbo.v3.DubboCodecConfig filters.network.generic_proxy.codecs.http1.v3.Http1CodecConfig`,
  'generic_proxy.filters': `
    filters.network.generic_proxy.router.v3.Router`,
  'health_check.event_sinks': `
    health_check.event_sinks.file.v3.HealthCheckEventFileSink`,
  health_checkers: `
    envoy.config.core.v3.HealthCheck.GrpcHealthCheck envoy.config.core.v3.HealthCheck.HttpHealthCheck
    envoy.config.core.v3.HealthCheck.TcpHealthCheck health_checkers.dynamic_modules.v3.DynamicModuleHealthCheck
    health_checkers.redis.v3.Redis health_checkers.thrift.v3.Thrift health_checkers.udp.v3.UdpHealthCheck`,
  load_balancing_policies: `
    load_balancing_policies.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin
    load_balancing_policies.cluster_provided.v3.ClusterProvided
    load_balancing_policies.dynamic_modules.v3.DynamicModulesLoadBalancerConfig load_balancing_policies.least_request.v3.LeastRequest
    load_balancing_policies.load_aware_locality.v3.LoadAwareLocality load_balancing_policies.maglev.v3.Maglev
    load_balancing_policies.override_host.v3.OverrideHost load_balancing_policies.random.v3.Random
    load_balancing_policies.ring_hash.v3.RingHash load_balancing_policies.round_robin.v3.RoundRobin
    load_balancing_policies.subset.v3.Subset load_balancing_policies.wrr_locality.v3.WrrLocality`,
  'network.dns_resolver': `
    network.dns_resolver.cares.v3.CaresDnsResolverConfig network.dns_resolver.getaddrinfo.v3.GetAddrInfoDnsResolverConfig
    network.dns_resolver.hickory.v3.HickoryDnsResolverConfig`,
  'quic.connection_debug_visitor': `
    quic.connection_debug_visitor.quic_stats.v3.Config quic.connection_debug_visitor.v3.BasicConfig`,
  'quic.connection_id_generator': `
    quic.connection_id_generator.quic_lb.v3.Config quic.connection_id_generator.v3.DeterministicConnectionIdGeneratorConfig`,
  'quic.proof_source': `
    quic.proof_source.v3.ProofSourceConfig`,
  'quic.server.crypto_stream': `
    quic.crypto_stream.v3.CryptoServerStreamConfig`,
  'quic.server_preferred_address': `
    quic.server_preferred_address.v3.DataSourceServerPreferredAddressConfig
    quic.server_preferred_address.v3.FixedServerPreferredAddressConfig`,
  'rbac.matchers': `
    rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher`,
  'rbac.principals': `
    rbac.principals.mtls_authenticated.v3.Config`,
  'thrift_proxy.filters': `
    filters.network.thrift_proxy.filters.header_to_metadata.v3.HeaderToMetadata
    filters.network.thrift_proxy.filters.payload_to_metadata.v3.PayloadToMetadata
    filters.network.thrift_proxy.filters.ratelimit.v3.RateLimit filters.network.thrift_proxy.router.v3.Router`,
  'tls.certificate_mappers': `
    transport_sockets.tls.cert_mappers.sni.v3.SNI transport_sockets.tls.cert_mappers.static_name.v3.StaticName`,
  'tls.certificate_selectors': `
    transport_sockets.tls.cert_selectors.on_demand_secret.v3.Config`,
  'tls.upstream_certificate_mappers': `
    transport_sockets.tls.cert_mappers.filter_state_override.v3.Config transport_sockets.tls.cert_mappers.static_name.v3.StaticName`,
  'tls.upstream_certificate_selectors': `
    transport_sockets.tls.cert_selectors.on_demand_secret.v3.Config`,
  tls_handshakers: `
    transport_sockets.tls.handshakers.dynamic_modules.v3.DynamicModuleTlsHandshaker`,
  'transport_sockets.downstream': `
    transport_sockets.alts.v3.Alts transport_sockets.dynamic_modules.v3.DynamicModuleTransportSocket
    transport_sockets.quic.v3.QuicDownstreamTransport transport_sockets.raw_buffer.v3.RawBuffer
    transport_sockets.starttls.v3.StartTlsConfig transport_sockets.tap.v3.Tap transport_sockets.tcp_stats.v3.Config
    transport_sockets.tls.v3.DownstreamTlsContext`,
  'transport_sockets.upstream': `
    transport_sockets.alts.v3.Alts transport_sockets.dynamic_modules.v3.DynamicModuleTransportSocket
    transport_sockets.http_11_proxy.v3.Http11ProxyUpstreamTransport transport_sockets.internal_upstream.v3.InternalUpstreamTransport
    transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport transport_sockets.quic.v3.QuicUpstreamTransport
    transport_sockets.raw_buffer.v3.RawBuffer transport_sockets.starttls.v3.UpstreamStartTlsConfig transport_sockets.tap.v3.Tap
    transport_sockets.tcp_stats.v3.Config transport_sockets.tls.v3.UpstreamTlsContext`,
  udp_packet_writer: `
    udp_packet_writer.v3.UdpDefaultWriterFactory udp_packet_writer.v3.UdpGsoBatchWriterFactory`,
  'upstream.local_address_selector': `
    envoy.config.upstream.local_address_selector.v3.DefaultLocalAddressSelector local_address_selectors.filter_state_override.v3.Config`,
  upstream_options: `
    upstreams.http.reverse_tunnel.v3.ReverseTunnelUpstreamCodecOptions upstreams.http.v3.HttpProtocolOptions
    upstreams.tcp.v3.TcpProtocolOptions`,
  upstreams: `
    upstreams.tcp.generic.v3.GenericConnectionPoolProto`,
};
