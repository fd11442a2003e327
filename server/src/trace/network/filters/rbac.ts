/** envoy.filters.network.rbac (Envoy: source/extensions/filters/network/rbac/rbac_filter.cc). */
import { addStep, type Hop, type HopResult } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import { evaluateRbac, type RbacDecision } from '../../rbac/evaluateRbac';
import { rbacMetadata, writeRbacMetadata } from '../../rbac/rbacMetadata';
import { cannotTell, ending } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import type { NetworkFilterEntry } from '../networkFilters';

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
  switch (enforced.kind) {
    case 'allow':
      addStep(hop, {
        stage: 'network_filter',
        decision: say`${name} allows the connection`,
        because: enforced.because,
        at: enforced.at,
        rejected: enforced.rejected,
      });
      return undefined;
    case 'deny':
      addStep(hop, {
        stage: 'network_filter',
        decision: say`${name} denies the connection`,
        because: enforced.because,
        at: enforced.at,
        rejected: enforced.rejected,
      });
      return ending('denied', enforced.details === undefined ? undefined : { details: enforced.details });
    case 'unknown':
      addStep(hop, {
        stage: 'network_filter',
        decision: say`what ${name} decides cannot be told`,
        because: enforced.missing,
        at: enforced.at,
        rejected: enforced.rejected,
      });
      return cannotTell(enforced.missing);
    case 'refused':
      addStep(hop, {
        stage: 'network_filter',
        decision: say`Envoy refuses the filter ${name}`,
        because: enforced.because,
        at: enforced.at,
      });
      return ending('config_rejected');
  }
}

function addShadowStep(hop: Hop, name: string, shadow: RbacDecision): void {
  const verdict = shadow.kind === 'allow' ? words('allow') : shadow.kind === 'deny' ? words('deny') : words('perhaps deny');
  const because = shadow.kind === 'unknown' ? shadow.missing : shadow.because;
  addStep(hop, {
    stage: 'network_filter',
    decision: say`the shadow rules of ${name} would ${verdict} the connection`,
    because,
    at: shadow.at,
    rejected: shadow.rejected,
  });
}
