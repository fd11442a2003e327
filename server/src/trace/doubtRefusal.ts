/** What a running proxy has loaded is not refused: its dump has been cut or edited, or another version of Envoy took it. */
import type { Hop, HopResult } from './hop';
import { cannotTell } from './record/hopRecord';
import { words } from './record/sentence';

export function doubtRefusal(hop: Hop, result: HopResult): HopResult {
  if (result.kind !== 'ending' || result.disposition !== 'config_rejected' || !wasLoaded(hop)) return result;
  return cannotTell(
    words(
      'what the file leaves out, or which version of Envoy takes it: it comes from a running proxy, and Envoy 1.40 refuses it as it stands',
    ),
  );
}

/** Delivered and in use, or part of a whole dump. */
function wasLoaded({ proxy, listener }: Hop): boolean {
  if (proxy.kind === 'dump') return true;
  return listener !== undefined && proxy.listeners.some(({ state, node }) => state === 'active' && node.sameAs(listener));
}
