/** The `location` of an answer of Envoy's own, after all that writes headers on it (Envoy: INLINE_RESP_HEADERS, whose lines are joined by commas). */
import type { HeaderChanges } from '../../protocol/trace';

/** `given`: the target of a redirect. Undefined: the answer has none, or it is not known whether it has. */
export function locationOfAnswer(given: string | undefined, { set, append, remove, uncertain }: HeaderChanges): string | undefined {
  if (uncertain?.includes(LOCATION)) return given;
  const written = valuesOf(set).at(-1);
  const kept = remove.includes(LOCATION) ? undefined : given;
  const lines = [written ?? kept ?? [], valuesOf(append)].flat();
  return lines.length === 0 ? undefined : lines.join(',');
}

const LOCATION = 'location';

function valuesOf(lines: HeaderChanges['set']): string[] {
  return lines.filter(([name]) => name === LOCATION).map(([, value]) => value);
}
