/** How many endpoints there are and how they do, as short as an outline and a hint need it. */
import { countHealthy } from '../../model/loadAssignment';
import { count } from '../writing/markdown';

/** `2/3 healthy`; just their number where nobody says how any is. */
export function shortHealthOf(endpoints: readonly { readonly health: string }[]): string {
  const healthy = countHealthy(endpoints);
  return healthy === undefined ? count(endpoints.length, 'endpoint') : `${healthy}/${endpoints.length} healthy`;
}
