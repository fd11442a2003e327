/** Which step of a path says how it ends: one rule for the text and the preview. A leaf. */
import type { Stage, TracePath, TraceStep } from './trace';

/** Where a request that finds no route is lost: the router that answers 404 only says so, after the filters. */
const ROUTING: ReadonlySet<Stage> = new Set<Stage>(['route_configuration', 'virtual_host', 'route']);

/** The last step before the answer went on its way back; undefined where nothing was decided. */
export function decidingStep({ disposition, hops }: TracePath): TraceStep | undefined {
  const steps = (hops.at(-1)?.steps ?? []).filter(({ onAnswer }) => onAnswer !== true);
  const routing = disposition === 'no_route' ? steps.findLast(({ stage, at }) => at !== undefined && ROUTING.has(stage)) : undefined;
  return routing ?? steps.at(-1);
}
