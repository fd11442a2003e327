/** Authorization at the destination's ztunnel (istio/ztunnel: src/state.rs assert_rbac, src/rbac.rs). */
import type { ZtunnelModel, ZtunnelPolicy, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import { addStep, type Hop } from '../hop';
import type { Rejected, Step } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { matchPolicy, type PolicyConnection } from './matchPolicy';

export type PolicyVerdict =
  { readonly kind: 'allowed' } | { readonly kind: 'denied' } | { readonly kind: 'unknown'; readonly missing: Sentence };

/** DENY first, then ALLOW where there is any; unknown names do not count, and dry runs are only told. */
export function checkPolicies(hop: Hop, model: ZtunnelModel, workload: ZtunnelWorkload, connection: PolicyConnection): PolicyVerdict {
  const all = policiesOf(model, workload);
  const policies = all.filter(({ dryRun }) => !dryRun);
  const rejected = all.filter(({ dryRun }) => dryRun).map((policy) => rejectDryRun(policy, connection));
  const denies = policies.filter(({ action }) => action === 'Deny');
  const denying = findMatch(denies, connection, rejected);
  if (denying.kind === 'unknown') return denying;
  if (denying.kind === 'none')
    return checkAllow(hop, { policies: policies.filter(({ action }) => action === 'Allow'), connection, workload, rejected });
  return decide(hop, 'denied', {
    decision: say`policy ${keyOf(denying.policy)} denies the connection`,
    because: say`it is a DENY policy${originOf(denying.policy)} and matches${clientWords(connection)}`,
    at: denying.policy.node,
    rejected,
  });
}

function rejectDryRun(policy: ZtunnelPolicy, connection: PolicyConnection): Rejected {
  const matches = matchPolicy(policy, connection).kind === 'yes' ? words('it matches, but ') : words('');
  return { candidate: say`policy ${keyOf(policy)}`, because: say`${matches}it is a dry run, which ztunnel only logs`, at: policy.node };
}

type PolicySearch =
  | { readonly kind: 'match'; readonly policy: ZtunnelPolicy }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

/** The first policy that matches for certain; else unknown where one could. Those that do not are added to `rejected`. */
function findMatch(policies: readonly ZtunnelPolicy[], connection: PolicyConnection, rejected: Rejected[]): PolicySearch {
  let open: Sentence | undefined;
  for (const policy of policies) {
    const verdict = matchPolicy(policy, connection);
    if (verdict.kind === 'yes') return { kind: 'match', policy };
    if (verdict.kind === 'unknown') open ??= verdict.missing;
    else rejected.push({ candidate: say`policy ${keyOf(policy)}`, because: verdict.because, at: verdict.at ?? policy.node });
  }
  return open ? { kind: 'unknown', missing: open } : { kind: 'none' };
}

interface AllowQuestion {
  readonly policies: readonly ZtunnelPolicy[];
  readonly connection: PolicyConnection;
  readonly workload: ZtunnelWorkload;
  readonly rejected: Rejected[];
}

function checkAllow(hop: Hop, { policies, connection, workload, rejected }: AllowQuestion): PolicyVerdict {
  if (policies.length === 0)
    return decide(hop, 'allowed', {
      decision: words('the connection is allowed'),
      because: say`no ALLOW policy applies to workload ${workload.name}`,
      at: workload.node,
      rejected,
    });
  const allowing = findMatch(policies, connection, rejected);
  if (allowing.kind === 'unknown') return allowing;
  if (allowing.kind === 'match')
    return decide(hop, 'allowed', {
      decision: say`policy ${keyOf(allowing.policy)} allows the connection`,
      because: say`it is an ALLOW policy and matches${clientWords(connection)}`,
      at: allowing.policy.node,
      rejected,
    });
  return decide(hop, 'denied', {
    decision: words('the connection is denied'),
    because: words('there are ALLOW policies, and none matches'),
    at: workload.node,
    rejected,
  });
}

function decide(hop: Hop, kind: 'allowed' | 'denied', step: Omit<Step, 'stage'>): PolicyVerdict {
  addStep(hop, { stage: 'policy', ...step });
  return { kind };
}

/** Of the namespace, of the whole mesh, and those that the workload lists. */
function policiesOf({ policies }: ZtunnelModel, workload: ZtunnelWorkload): ZtunnelPolicy[] {
  const listed = new Set(workload.authorizationPolicies);
  return policies.filter((policy) =>
    policy.scope === 'WorkloadSelector'
      ? listed.has(keyOf(policy))
      : policy.namespace === workload.namespace || policy.namespace === '' || policy.scope === 'Global' || listed.has(keyOf(policy)),
  );
}

/** istiod makes policies of PeerAuthentications (istio/istio: pilot/pkg/model/authentication.go, pilot/pkg/serviceregistry/ambient). */
function originOf({ name }: ZtunnelPolicy): Sentence {
  const prefix = 'converted_peer_authentication_';
  if (name === 'istio_converted_static_strict') return words(', which stands for PeerAuthentication STRICT,');
  return name.startsWith(prefix) ? say`, made of PeerAuthentication ${name.slice(prefix.length)},` : words('');
}

function clientWords({ identity }: PolicyConnection): Sentence {
  if (identity === undefined) return words(': the connection is plain text, without an identity');
  return typeof identity === 'string' ? say`: the client is ${identity}` : words('');
}

function keyOf({ namespace, name }: ZtunnelPolicy): string {
  return `${namespace}/${name}`;
}
