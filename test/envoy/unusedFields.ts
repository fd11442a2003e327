/** Fields that no generator sets, and why: they cannot change what is compared, or the lab cannot show them. */
interface Excuse {
  readonly because: string;
  /** `Message: field field`, by the last part of the message's name; a bare word is a field of every message. */
  readonly fields: readonly string[];
}

const EXCUSES: readonly Excuse[] = [
  {
    because: 'statistics, logs, traces and names for them',
    fields: [
      'stat_prefix stats_matcher access_log access_log_options access_log_flush_interval observability_name track_timeout_budgets',
      'track_remaining rules_stat_prefix lrs_server lrs_report_endpoint_metrics record_route_resolution_stats stats_sinks',
      'HttpConnectionManager: tracing flush_access_log_on_new_request',
      'TcpProxy: flush_access_log_on_connected',
      'Tracing: client_sampling overall_sampling custom_tags operation upstream_operation',
      'RequestMirrorPolicy: trace_sampled',
      'Router: upstream_log upstream_log_options suppress_grpc_request_failure_code_stats',
      'TrackClusterStats: request_response_sizes per_endpoint_stats',
      'FilterConfig: individual_method_stats_allowlist stats_for_all_methods enable_upstream_stats replace_dots_in_grpc_service_name',
      'RBAC: audit_logging_options',
      'ExtAuthz: charge_cluster_response_stats emit_filter_state_stats',
      'AccessLogFilter: duration_filter log_type_filter',
      'CommonTlsContext: key_log',
      'MongoProxy: delay emit_dynamic_metadata commands max_bson_depth',
      'ZooKeeperProxy: max_packet_bytes enable_latency_threshold_metrics default_latency_threshold latency_threshold_overrides',
      'ZooKeeperProxy: enable_per_opcode_request_bytes_metrics enable_per_opcode_response_bytes_metrics enable_per_opcode_decoder_error_metrics',
      'RBAC: track_per_rule_stats',
    ],
  },
  {
    because: 'time: what lasts long, how often something is asked',
    fields: [
      'downstream_idle_timeout upstream_idle_timeout idle_timeout flush_timeout stream_flush_timeout per_try_idle_timeout drain_timeout drain_timeout_jitter',
      'max_connection_duration max_connection_duration_jitter max_downstream_connection_duration http1_safe_max_connection_duration',
      'max_downstream_connection_duration_jitter_percentage request_headers_timeout delayed_close_timeout per_connection_buffer_high_watermark_timeout',
      'dns_refresh_rate dns_jitter dns_failure_refresh_rate dns_min_refresh_rate respect_dns_ttl dns_query_timeout host_ttl cleanup_interval session_timeout',
      'backoff_options retry_back_off rate_limited_retry_back_off slow_start_config endpoint_stale_after timeout',
      'SlowStartConfig: aggression min_weight_percent',
      'HTTPFault: delay_duration_runtime response_rate_limit_percent_runtime',
      'ConnectionLimit: delay',
      'BandwidthLimit: fill_interval runtime_enabled response_trailer_prefix',
      'RBAC: delay_deny',
      'ConcurrencyLimitCalculationParams: max_concurrency_limit min_concurrency_limit',
      'MinimumRTTCalculationParams: fixed_value jitter min_concurrency buffer',
      'AdmissionControl: sampling_window aggression sr_threshold rps_threshold max_rejection_probability',
      'message_timeout max_message_timeout deferred_close_timeout fill_interval cache_duration async_fetch max_event_size',
    ],
  },
  {
    because: 'sockets and buffers',
    fields: [
      'socket_options tcp_keepalive freebind tcp_fast_open_queue_length connection_balance_config reuse_port enable_mptcp drain_type transparent',
      'max_connections_to_accept_per_socket_event ignore_global_conn_limit bypass_overload_manager buffer_size_kb initial_read_buffer_size',
      'upstream_connection_options extra_source_addresses additional_source_addresses local_address_selector validate_network_namespaces',
      'network_namespace_filepath chunk_size memory_level compression_level compression_strategy window_bits max_inflate_ratio dictionary dictionaries strategy',
      'quality encoder_mode input_block_bits disable_literal_context_modeling max_dynamic_descriptors queuing_policies tenant_configs',
      'tenant_name_selector default_tenant_config enable_response_trailers',
      'FileSystemBufferFilterConfig: request response',
      'AsyncFileManagerConfig: id',
      'enable_checksum disable_ring_buffer_reallocation max_program_size max_pending_requests max_connection_pools tlv_as_pool_key max_body_bytes',
      'Http2ProtocolOptions: hpack_table_size max_concurrent_streams initial_stream_window_size initial_connection_window_size allow_metadata',
      'Http2ProtocolOptions: max_outbound_frames max_outbound_control_frames max_consecutive_inbound_frames_with_empty_payload connection_keepalive',
      'Http2ProtocolOptions: max_inbound_priority_frames_per_stream max_inbound_window_update_frames_per_data_frame_sent custom_settings_parameters',
      'Http2ProtocolOptions: use_oghttp2_codec max_metadata_size enable_huffman_encoding stream_reset_burst stream_reset_rate',
      'Http1ProtocolOptions: use_balsa_parser',
      'HttpProtocolOptions: max_requests_per_connection',
      'TlsInspector: enable_ja3_fingerprinting enable_ja4_fingerprinting max_client_hello_size close_connection_on_client_hello_parsing_errors',
    ],
  },
  {
    because: 'later attempts: only the first is compared',
    fields: [
      'retry_policy retry_policy_typed_config hedge_policy retry_budget',
      'RetryPolicy: retry_on num_retries per_try_timeout retry_priority retry_host_predicate retry_options_predicates retriable_headers',
      'RetryPolicy: host_selection_retry_max_attempts retriable_status_codes retriable_request_headers refresh_cluster_on_retry',
      'HedgePolicy: initial_requests additional_request_chance hedge_on_per_try_timeout',
      'InternalRedirectPolicy: max_internal_redirects redirect_response_codes predicates allow_cross_scheme_redirect response_headers_to_copy',
      'RouteAction: internal_redirect_action max_internal_redirects',
      'OutlierDetection: consecutive_5xx interval base_ejection_time max_ejection_percent enforcing_consecutive_5xx enforcing_success_rate',
      'OutlierDetection: success_rate_minimum_hosts success_rate_request_volume success_rate_stdev_factor consecutive_gateway_failure',
      'OutlierDetection: enforcing_consecutive_gateway_failure split_external_local_origin_errors consecutive_local_origin_failure',
      'OutlierDetection: enforcing_consecutive_local_origin_failure enforcing_local_origin_success_rate failure_percentage_threshold',
      'OutlierDetection: enforcing_failure_percentage enforcing_failure_percentage_local_origin failure_percentage_minimum_hosts',
      'OutlierDetection: failure_percentage_request_volume max_ejection_time max_ejection_time_jitter successful_active_health_check_uneject_host',
      'OutlierDetection: monitors always_eject_one_host detect_degraded_hosts',
      'HttpProtocolOptions: outlier_detection',
    ],
  },
  {
    because: 'services and resources that a lab without a network has not: discovery by gRPC, DNS, remote keys, QUIC, OCSP',
    fields: [
      'ads_config lds_resources_locator cds_resources_locator api_config_source authorities config_discovery vhds fcds_config on_demand odcds scoped_rds',
      'leds_cluster_locality_config remote_jwks jwt_cache_config http3_protocol_options alternate_protocols_cache_options udp_listener_config api_listener',
      'dns_resolvers dns_resolution_config typed_dns_resolver_config use_tcp_for_dns_lookups dns_lookup_family key_value_config google_grpc',
      'ocsp_staple ocsp_staple_policy signed_certificate_timestamp require_signed_certificate_timestamp private_key_provider custom_handshaker',
      'tls_certificate_provider_instance tls_certificate_certificate_provider tls_certificate_certificate_provider_instance custom_tls_certificate_selector',
      'validation_context_certificate_provider validation_context_certificate_provider_instance ca_certificate_provider_instance custom_validator_config',
      'session_ticket_keys session_ticket_keys_sds_secret_config disable_stateful_session_resumption watched_directory poll_interval',
      'RuntimeLayer: disk_layer admin_layer rtds_layer',
      'Bootstrap: hds_config config_sources default_config_source certificate_provider_instances grpc_async_client_manager_config',
      'Bootstrap: xds_delegate_extension xds_config_tracker_extension use_tcp_for_dns_lookups',
      'DiscoveryResponse: canary nonce control_plane resource_errors type_url',
      'LocalRateLimit: local_cluster_rate_limit',
    ],
  },
  {
    because: 'what is set for the whole process, which serves 48 cases at a time',
    fields: [
      'Bootstrap: node_context_params cluster_manager flags_path deferred_stat_options stats_config stats_flush_interval stats_flush_on_admin tracing',
      'Bootstrap: stats_eviction_interval watchdog watchdogs admin overload_manager enable_dispatcher_stats header_prefix stats_server_version_override',
      'Bootstrap: fatal_actions default_socket_interface inline_headers perf_tracing_file_path default_regex_engine listener_manager',
      'Bootstrap: application_log_config memory_allocator_manager enable_worker_cpu_affinity',
      'Node: metadata dynamic_parameters locality user_agent_name user_agent_version user_agent_build_version extensions client_features',
      'Node: listening_addresses',
    ],
  },
  {
    because: 'what a service is asked or answers: in the lab nobody stands for one, and a trace does not guess',
    fields: [
      'ExtAuthz: validate_mutations metadata_context_namespaces typed_metadata_context_namespaces route_metadata_context_namespaces',
      'ExtAuthz: route_typed_metadata_context_namespaces include_peer_certificate bootstrap_metadata_labels_key disallowed_headers include_tls_session',
      'ExtAuthz: encode_raw_headers decoder_header_mutation_rules enable_dynamic_metadata_ingestion filter_metadata max_denied_response_body_bytes',
      'ExtAuthz: enforce_response_header_limits clear_route_cache_headers metadata_context_namespaces typed_metadata_context_namespaces',
      'HttpService: path_prefix path_override authorization_request authorization_response',
      'ExternalProcessor: request_attributes response_attributes mutation_rules forward_rules filter_metadata metadata_options route_cache_action',
      'ExternalProcessor: allowed_override_modes disable_immediate_response allow_content_length_header processing_request_modifier',
      'ExternalProcessor: on_processing_response send_body_without_waiting_for_header_response http_service',
      'ExtProcOverrides: request_attributes response_attributes metadata_options processing_request_modifier async_mode',
      'NetworkExternalProcessor: metadata_options connection_attributes',
      'RateLimit: metadata_namespace limit x_ratelimit_option',
      'RateLimitDescriptor: limit hits_addend is_negative_hits',
      'RateLimitQuotaBucketSettings: expired_assignment_behavior',
      'emit_client_span',
      'EnvoyGrpc: authority retry_policy max_receive_message_length skip_envoy_headers',
      'GrpcService: google_grpc initial_metadata retry_policy',
    ],
  },
  {
    because: 'where credentials come from: a signature is not compared',
    fields: [
      'AwsCredentialProvider: assume_role_with_web_identity_provider credentials_file_provider custom_credential_provider_chain config_credential_provider',
      'AwsCredentialProvider: iam_roles_anywhere_credential_provider container_credential_provider environment_credential_provider',
      'AwsCredentialProvider: instance_profile_credential_provider assume_role_credential_provider',
      'InlineCredentialProvider: session_token',
      'Credentials: session_token',
      'Config: credentials_profile',
      'AwsRequestSigning: signing_algorithm match_included_headers query_string',
    ],
  },
  {
    because: 'not implemented by Envoy 1.40, or refused by it',
    fields: [
      'deprecated_v1 use_proxy_proto keep_matching optional_indices filter_action named_endpoints endpoint_name route_specifiers',
      'FilterChainMatch: address_suffix suffix_len',
      'Cluster: protocol_selection',
      'CommonLbConfig: close_connections_on_host_set_change',
    ],
  },
  {
    because: 'bodies and trailers, which a request of the contract has not',
    fields: [
      'Mcp: max_request_body_size parser_config request_storage_mode propagate_trace_context propagate_baggage reject_duplicate_keys',
      'Mcp: early_terminate_when_routable max_supported_protocol_version',
      'A2a: max_request_body_size parser_config storage_mode',
      'Mutations: request_trailers_mutations',
      'TunnelingConfig: propagate_response_trailers',
    ],
  },
];

/** Why nobody needs to generate it; undefined for a hole. `message` is the full name. */
export function excuseOf(message: string, field: string): string | undefined {
  const name = message.slice(message.lastIndexOf('.') + 1);
  return EXCUSES.find(({ fields }) => fields.some((line) => covers(line, name, field)))?.because;
}

function covers(line: string, name: string, field: string): boolean {
  const [owner, rest] = line.includes(': ') ? line.split(': ') : [undefined, line];
  if (owner !== undefined && owner !== name) return false;
  return (rest ?? '').split(' ').includes(field);
}
