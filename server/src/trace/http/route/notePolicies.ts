/** Timeouts, retries, hashing, hedging: shown, as they do not decide where the first attempt goes. */
import type { ConfigNode } from '../../../schema/configNode';
import { addStep, type Hop } from '../../hop';
import type { HttpStream, Retries } from '../../httpStream';
import { hashOfRequest } from './hashOfRequest';
import { say, words, type Sentence } from '../../record/sentence';

export function notePolicies(hop: Hop, http: HttpStream, route: ConfigNode): void {
  const action = route.get('route');
  if (!action) return;
  const told = [
    tellTimeout(action),
    tellRetries(http.retries),
    tellHash(hop, action),
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
  if (timeout === '') return undefined;
  return timeout === '0s' ? words('no timeout') : say`timeout ${words(timeout)}`;
}

function tellRetries(retries: Retries | undefined): Sentence | undefined {
  if (!retries) return undefined;
  const { most, on } = retries;
  if (most === undefined) return words('retries as a header says that only the running Envoy knows');
  return say`up to ${most} ${words(most === 1 ? 'retry' : 'retries')} on ${on.join(',')}`;
}

/** What the request is hashed by; which host that means depends on the hosts that Envoy has at that moment. */
function tellHash(hop: Hop, action: ConfigNode): Sentence | undefined {
  const policies = action.get('hash_policy');
  if (!policies || !hop.http || (!policies.isIncomplete && action.list('hash_policy').length === 0)) return undefined;
  const hash = hashOfRequest(hop, hop.http, action, 'host');
  switch (hash.kind) {
    case 'hash':
      return say`the request is hashed by ${hash.from}: ${words(`0x${hash.value.toString(16)}`)}`;
    case 'none':
      return say`the request has no hash, for ${hash.because}`;
    case 'unknown':
      return say`the hash of the request depends on ${hash.missing}`;
  }
}
