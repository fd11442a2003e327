/** Which messages a set of fields could be: for fragments without a type, where their own keys must tell. */
import { messageLine, messageNames } from './readTable';
import { snakeCase } from './configNode';

/**
 * The messages that have a field for every key (either spelling), those with the fewest other fields first; [] for no keys.
 * Fields that only v2 had do not count. Takes a scan of the table, below a millisecond a key: not for inner loops.
 */
export function messagesWithFields(keys: readonly string[]): string[] {
  if (keys.length === 0) return [];
  const wanted = keys.map((key) => new Set([key, snakeCase(key)].filter((name) => /^\w+$/.test(name))));
  if (wanted.some((names) => names.size === 0)) return [];
  const found = messageNames().flatMap((name, number) => {
    const fields = fieldNames(messageLine(number));
    return wanted.every((names) => [...names].some((each) => fields.has(each))) ? [{ name, size: fields.size }] : [];
  });
  return found.sort((a, b) => a.size - b.size).map(({ name }) => name);
}

const FIELD_NAME = /(?:^| )(\w+):([^ ]*)/g;

function fieldNames(line: string): Set<string> {
  const names = new Set<string>();
  const end = line.indexOf('\t');
  for (const [, name = '', rest = ''] of (end < 0 ? line : line.slice(0, end)).matchAll(FIELD_NAME))
    if (!rest.includes('-')) names.add(name);
  return names;
}
