/** What becomes of a request on one path, and how likely that is. */
import type { TracePath } from '../../protocol/trace';
import { printable } from '../../protocol/printable';

/** The outcome in one line. Example: `403 RBAC: access denied (rbac_access_denied_matched_policy[none])` */
export function describeOutcome(path: TracePath): string {
  const last = path.hops.at(-1);
  const { response } = path;
  const words: string[] = [path.disposition];
  if (path.disposition === 'upstream' && last?.endpoint) words.push(last.endpoint.address);
  if (response?.code !== undefined) words.push(String(response.code));
  if (response?.location) words.push(`→ ${response.location}`);
  if (response?.flags?.length) words.push(response.flags.join(','));
  if (response?.details) words.push(`(${response.details})`);
  if (last?.endpoint?.unseen) words.push(`— ${last.endpoint.unseen}`);
  return printable(words.join(' '));
}

/** `share`: from 0 to 1. What is rare is not never, nor what is likely certain. Example: `33.33 %`, `under 0.01 %` */
export function formatPercent(share: number): string {
  const percent = Number((share * 100).toFixed(2));
  if (percent === 0 && share > 0) return 'under 0.01 %';
  return percent === 100 && share < ALMOST_ALL ? 'over 99.99 %' : `${percent} %`;
}

/** Shares are sums of fractions: the last digits are noise. */
const ALMOST_ALL = 1 - 1e-9;
