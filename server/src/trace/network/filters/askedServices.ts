/** Network filters that ask a service (Envoy: source/extensions/filters/network/{ext_authz,ratelimit,ext_proc}): where nobody stands for it, their failure mode decides. */
import { whyServiceIsDead, type DeadService } from '../../cluster/deadService';
import type { ConfigNode } from '../../../schema/configNode';
import { addStep, type Hop, type HopResult } from '../../hop';
import { testMetadata } from '../../matcher/metadataMatcher';
import { cannotTell, ending, type Ending } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import { runtimeNumber } from '../../runtime/readRuntime';
import type { NetworkFilter, NetworkFilterEntry } from '../networkFilter';

/** Asked on the client's first bytes. A denial in shadow mode is only counted. */
export const askAuthorization: NetworkFilter = {
  terminal: false,
  run: (hop, entry) => {
    const { node } = entry.config;
    const condition = node.get('filter_enabled_metadata');
    if (condition && testMetadata(condition, hop.connection.metadata).kind === 'no')
      return pass(hop, entry, { because: words('its metadata condition does not hold'), at: condition });
    if (node.bool('shadow_mode') === true)
      return pass(hop, entry, { because: words('in shadow mode it lets pass whatever the service says'), at: node.get('shadow_mode') });
    const dead = whyServiceIsDead(hop, node.get('grpc_service'));
    if (!dead) return open(entry, words("the authorization service's answer (a refusal closes the connection, flag UAEX)"));
    const closed = ending('denied', { flags: ['UAEX'], details: 'ext_authz_error' });
    return fail(hop, entry, { dead, allows: node.bool('failure_mode_allow') === true, closed });
  },
};

/** Asked when the connection is there, before its first byte. */
export const askRateLimit: NetworkFilter = {
  terminal: false,
  run: (hop, entry) => {
    const { node } = entry.config;
    if (runtimeNumber(hop, 'ratelimit.tcp_filter_enabled', 100) === 0)
      return pass(hop, entry, { because: words('runtime switches it off'), at: entry.filter });
    const dead = whyServiceIsDead(hop, node.get('rate_limit_service')?.get('grpc_service'));
    if (!dead) return open(entry, words("the rate limit service's answer (over the limit the connection is closed, flag RL)"));
    const closed = ending('closed', { details: 'ratelimit_error_failure_mode_connection_close' });
    return fail(hop, entry, { dead, allows: node.bool('failure_mode_deny') !== true, closed });
  },
};

/** Gets the client's bytes unless `process_read` is SKIP. */
export const askProcessor: NetworkFilter = {
  terminal: false,
  run: (hop, entry) => {
    const { node } = entry.config;
    const mode = node.get('processing_mode');
    if (mode?.isEnum('process_read', 'SKIP', 1))
      return pass(hop, entry, { because: words('it does not get what the client says'), at: mode });
    const dead = whyServiceIsDead(hop, node.get('grpc_service'));
    if (!dead) return open(entry, words('what the external processor does with the bytes'));
    const closed = ending('closed', { details: 'ext_proc_stream_error' });
    return fail(hop, entry, { dead, allows: node.bool('failure_mode_allow') === true, closed });
  },
};

interface Failure {
  readonly dead: DeadService;
  readonly allows: boolean;
  readonly closed: Ending;
}

function fail(hop: Hop, entry: NetworkFilterEntry, { dead: { because, at }, allows, closed }: Failure): HopResult | undefined {
  if (allows) return pass(hop, entry, { because: say`${because}, and its failure mode lets connections pass then`, at });
  addStep(hop, { stage: 'network_filter', decision: say`${entry.filter.string('name')} closes the connection`, because, at });
  return closed;
}

function pass(hop: Hop, { filter }: NetworkFilterEntry, { because, at }: { because: Sentence; at: ConfigNode | undefined }): undefined {
  addStep(hop, { stage: 'network_filter', decision: say`${filter.string('name')} lets the connection pass`, because, at: at ?? filter });
}

function open({ filter }: NetworkFilterEntry, what: Sentence): HopResult {
  return cannotTell(say`${what}: network filter ${filter.string('name')}`);
}
