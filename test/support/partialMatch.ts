/** Partial equality: everything that is given must be there; what is not given may be anything. */

/** What of `given` is not in `actual`, each with its path; [] when all of it is. Arrays match item by item, header lists as sets. */
export function differences(given: unknown, actual: unknown, at: string): string[] {
  if (Array.isArray(given)) {
    if (!Array.isArray(actual)) return [`${at}: expected a list, got ${shorten(actual)}`];
    if (isPairs(given))
      return given
        .filter((pair) => !actual.some((each) => differences(pair, each, at).length === 0))
        .map((pair) => `${at}: ${shorten(pair)} is missing`);
    if (given.length !== actual.length) return [`${at}: expected ${given.length} items, got ${actual.length}`];
    return given.flatMap((item, index) => differences(item, actual[index], `${at}/${index}`));
  }
  if (typeof given === 'object' && given !== null) {
    if (typeof actual !== 'object' || actual === null) return [`${at}: expected an object, got ${shorten(actual)}`];
    return Object.entries(given).flatMap(([key, value]) => differences(value, (actual as Record<string, unknown>)[key], `${at}/${key}`));
  }
  if (typeof given === 'number' && typeof actual === 'number' && Math.abs(given - actual) < 1e-6) return [];
  return given === actual ? [] : [`${at}: expected ${shorten(given)}, got ${shorten(actual)}`];
}

function isPairs(list: readonly unknown[]): boolean {
  return list.length > 0 && list.every((item) => Array.isArray(item) && item.length === 2 && typeof item[0] === 'string');
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
