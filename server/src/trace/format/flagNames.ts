/** The long names of response flags (Envoy: source/common/stream_info/utility.h, ResponseFlagUtils). */
export const FLAG_NAMES: Readonly<Record<string, string>> = {
  LH: 'FailedLocalHealthCheck',
  UH: 'NoHealthyUpstream',
  UT: 'UpstreamRequestTimeout',
  LR: 'LocalReset',
  UR: 'UpstreamRemoteReset',
  UF: 'UpstreamConnectionFailure',
  UC: 'UpstreamConnectionTermination',
  UO: 'UpstreamOverflow',
  NR: 'NoRouteFound',
  DI: 'DelayInjected',
  FI: 'FaultInjected',
  RL: 'RateLimited',
  UAEX: 'UnauthorizedExternalService',
  RLSE: 'RateLimitServiceError',
  DC: 'DownstreamConnectionTermination',
  URX: 'UpstreamRetryLimitExceeded',
  SI: 'StreamIdleTimeout',
  IH: 'InvalidEnvoyRequestHeaders',
  DPE: 'DownstreamProtocolError',
  UMSDR: 'UpstreamMaxStreamDurationReached',
  RFCF: 'ResponseFromCacheFilter',
  NFCF: 'NoFilterConfigFound',
  DT: 'DurationTimeout',
  UPE: 'UpstreamProtocolError',
  NC: 'NoClusterFound',
  OM: 'OverloadManagerTerminated',
  DF: 'DnsResolutionFailed',
  DO: 'DropOverload',
  DR: 'DownstreamRemoteReset',
  UDO: 'UnconditionalDropOverload',
};

const ORDER = Object.keys(FLAG_NAMES);

/** Flags of both lists, each once, as Envoy writes them (ResponseFlagUtils::toShortString). Undefined where there is none. */
export function joinFlags(one: readonly string[] = [], other: readonly string[] = []): readonly string[] | undefined {
  if (one.length === 0) return other.length === 0 ? undefined : other;
  return [...new Set([...one, ...other])].sort((left, right) => ORDER.indexOf(left) - ORDER.indexOf(right));
}
