/** Network filters whose decision is made elsewhere: a service, a program, a state. */
import { cannotTell } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import { EXT_AUTHZ, EXT_PROC, RATE_LIMIT } from '../filterTypes';
import { askAuthorization, askProcessor, askRateLimit } from './askedServices';
import { passWith } from './passingFilters';
import type { NetworkFilter } from '../networkFilter';

const NETWORK = 'envoy.extensions.filters.network';

export const externalFilters: readonly [string, NetworkFilter][] = [
  [EXT_AUTHZ, askAuthorization],
  [RATE_LIMIT, askRateLimit],
  [EXT_PROC, askProcessor],
  [`${NETWORK}.client_ssl_auth.v3.ClientSSLAuth`, undecided(words('the list of permitted client certificates, which a service holds'))],
  [`${NETWORK}.golang.v3alpha.Config`, { ...undecided(words('what the Go plugin does')), terminal: undefined }],
  [
    `${NETWORK}.dynamic_modules.v3.DynamicModuleNetworkFilter`,
    { ...undecided(words('what the dynamic module does')), terminal: undefined },
  ],
  [`${NETWORK}.reverse_tunnel.v3.ReverseTunnel`, { ...undecided(words('who is at the other end of the reverse tunnel')), terminal: true }],
  [
    `${NETWORK}.wasm.v3.Wasm`,
    { terminal: false, run: (hop, entry) => (isTelemetry(entry.config.node.get('config')) ? telemetry : plugin).run(hop, entry) },
  ],
];

const telemetry = passWith(words("Istio's own telemetry runs in it"));
const plugin = undecided(words('what the Wasm plugin does'));

function undecided(what: Sentence): NetworkFilter {
  return { terminal: false, run: (_, { filter }) => cannotTell(say`${what}: network filter ${filter.string('name')}`) };
}

/** Istio compiled these plugins into the proxy (`envoy.wasm.null.*`, `envoy.wasm.stats`, `envoy.wasm.metadata_exchange`). */
function isTelemetry(config: { path(...names: string[]): { asString(): string | undefined } | undefined } | undefined): boolean {
  const code = config?.path('vm_config', 'code', 'local', 'inline_string')?.asString() ?? '';
  return /^envoy\.wasm\.(?:null\.)?(?:stats|metadata_exchange|stackdriver|access_log_policy)$/.test(code);
}
