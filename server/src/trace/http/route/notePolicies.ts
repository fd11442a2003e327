/** Timeouts, retries, hashing, hedging: shown, as they do not decide where the first attempt goes. */
import type { ConfigNode } from '../../../schema/configNode';
import { addStep, type Hop } from '../../hop';
import { say, words, type Sentence } from '../../record/sentence';

export function notePolicies(hop: Hop, route: ConfigNode): void {
  const action = route.get('route');
  if (!action) return;
  const told = [
    tellTimeout(action),
    tellRetries(action.get('retry_policy')),
    tellHash(action),
    action.has('internal_redirect_policy') ? words('redirects of the upstream may be followed inside Envoy') : undefined,
  ].filter((sentence) => sentence !== undefined);
  const [first, ...rest] = told;
  if (!first) return;
  addStep(hop, {
    stage: 'route',
    decision: rest.reduce((sum, each) => say`${sum}, ${each}`, first),
    because: words('the route says so; it does not change where the first attempt goes'),
    at: action,
  });
}

function tellTimeout(action: ConfigNode): Sentence | undefined {
  const timeout = action.string('timeout');
  return timeout === '' ? undefined : say`timeout ${words(timeout === '0s' ? 'none' : timeout)}`;
}

function tellRetries(policy: ConfigNode | undefined): Sentence | undefined {
  if (!policy) return undefined;
  return say`up to ${policy.number('num_retries') ?? 1} retries on ${policy.string('retry_on')}`;
}

function tellHash(action: ConfigNode): Sentence | undefined {
  const policies = action.list('hash_policy');
  const kinds = policies.flatMap((policy) =>
    ['header', 'cookie', 'connection_properties', 'query_parameter', 'filter_state'].filter((kind) => policy.has(kind)),
  );
  return kinds.length === 0 ? undefined : say`hosts are hashed by ${kinds.map((kind) => kind.replace(/_/g, ' '))}`;
}
