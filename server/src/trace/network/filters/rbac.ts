/** envoy.filters.network.rbac (Envoy: source/extensions/filters/network/rbac/rbac_filter.cc). */
import { addStep, type Hop, type HopResult } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import { evaluateRbac } from '../../rbac/evaluateRbac';
import { rbacMetadata, writeRbacMetadata } from '../../rbac/rbacMetadata';
import { cannotTell, ending, type Ending } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import type { RbacDecision } from '../../rbac/rbacDecision';
import type { NetworkFilterEntry } from '../networkFilter';

/** Decides on the client's first bytes; a denial closes the connection. Shadow rules are told and change nothing. */
export function filterByRbac(hop: Hop, { filter, config }: NetworkFilterEntry): HopResult | undefined {
  const name = filter.string('name');
  const { enforced, shadow } = evaluateRbac(config.node, matchContextOf(hop));
  if (shadow) {
    writeRbacMetadata(hop.connection.metadata, 'envoy.filters.network.rbac', rbacMetadata(config.node, 'shadow', shadow));
    addShadowStep(hop, name, shadow);
  }
  if (!enforced) {
    addStep(hop, {
      stage: 'network_filter',
      decision: say`${name} lets the connection pass`,
      because: words('it has no rules that are enforced'),
      at: filter,
    });
    return undefined;
  }
  addStep(hop, {
    stage: 'network_filter',
    decision: whatIsDecided(name, enforced),
    because: reasonOf(enforced),
    at: enforced.at,
    ...(enforced.kind !== 'refused' && { rejected: enforced.rejected }),
  });
  return endOf(enforced);
}

function whatIsDecided(name: string, { kind }: RbacDecision): Sentence {
  switch (kind) {
    case 'allow':
      return say`${name} allows the connection`;
    case 'deny':
      return say`${name} denies the connection`;
    case 'unknown':
      return say`what ${name} decides cannot be told`;
    case 'refused':
      return say`Envoy refuses the filter ${name}`;
  }
}

function reasonOf(decision: RbacDecision): Sentence {
  return decision.kind === 'unknown' ? decision.missing : decision.because;
}

/** Undefined: the next filter sees the connection. */
function endOf(decision: RbacDecision): Ending | undefined {
  switch (decision.kind) {
    case 'allow':
      return undefined;
    case 'deny':
      return ending('denied', decision.details === undefined ? undefined : { details: decision.details });
    case 'unknown':
      return cannotTell(decision.missing);
    case 'refused':
      return ending('config_rejected');
  }
}

function addShadowStep(hop: Hop, name: string, shadow: RbacDecision): void {
  const verdict = shadow.kind === 'allow' ? words('allow') : shadow.kind === 'deny' ? words('deny') : words('perhaps deny');
  addStep(hop, {
    stage: 'network_filter',
    decision: say`the shadow rules of ${name} would ${verdict} the connection`,
    because: reasonOf(shadow),
    at: shadow.at,
    rejected: shadow.rejected,
  });
}
