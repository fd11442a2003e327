/** Which messages a set of fields could be: for fragments without a type, where their own keys must tell. */
import { messageLine, messageNames } from './readTable';
import { snakeCase } from '../configNode';

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

/** What a field holds: one message, a list of them, or a map. */
export interface HeldMessage {
  /** Full name. */
  readonly message: string;
  readonly shape: 'one' | 'list' | 'map';
}

/**
 * What the fields of a name (either spelling) hold in all messages of the API, each once; well-known types are left out, fields of v2 are not.
 * `load_assignment` → one ClusterLoadAssignment. Takes a scan of the table: not for inner loops.
 */
export function messagesUnderKey(key: string): HeldMessage[] {
  const name = snakeCase(key);
  if (!/^\w+$/.test(name)) return [];
  const field = new RegExp(`(?:^| )${name}:(\\*|%\\w)?M([0-9a-z]+)`);
  const names = messageNames();
  const held = new Map<string, HeldMessage>();
  for (let number = 0; number < names.length; number++) {
    const [whole, shape = '', reference = ''] = field.exec(messageLine(number)) ?? [];
    const message = whole === undefined ? '' : (names[Number.parseInt(reference, 36)] ?? '');
    if (message === '' || message.startsWith('google.')) continue;
    held.set(message + shape, { message, shape: shape === '' ? 'one' : shape === '*' ? 'list' : 'map' });
  }
  return [...held.values()];
}

let mapped: ReadonlySet<string> | undefined;

/** True for messages that stand in some map of the API, by a name that somebody gave them: policies of RBAC, JWT providers. */
export function isHeldInMap(message: string): boolean {
  const names = messageNames();
  mapped ??= new Set(
    names.flatMap((_, number) =>
      [...messageLine(number).matchAll(/:%\wM([0-9a-z]+)/g)].flatMap(([, reference = '']) => names[Number.parseInt(reference, 36)] ?? []),
    ),
  );
  return mapped.has(message);
}

const FIELD_NAME = /(?:^| )(\w+):([^ ]*)/g;

function fieldNames(line: string): Set<string> {
  const names = new Set<string>();
  const end = line.indexOf('\t');
  for (const [, name = '', rest = ''] of (end < 0 ? line : line.slice(0, end)).matchAll(FIELD_NAME))
    if (!rest.includes('-')) names.add(name);
  return names;
}
