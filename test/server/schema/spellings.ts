/** Writes one configuration in the four ways that a document may have it: JSON and YAML, snake_case and lowerCamelCase. */
import { stringify } from 'yaml';
import { parseJson } from '../../../server/src/syntax/json/parseJson';
import { parseYaml } from '../../../server/src/syntax/yaml/parseYaml';
import type { SyntaxTree } from '../../../server/src/syntax/tree/syntaxTree';

export interface Spelling {
  readonly name: string;
  readonly tree: SyntaxTree;
}

/** Keys with anything but letters, digits and `_` (map keys, `@type`) stay as they are. */
export function spellings(config: unknown): Spelling[] {
  const camel = camelKeys(config);
  return [
    { name: 'JSON, snake_case', tree: parseJson('a.json', JSON.stringify(config, null, 1)) },
    { name: 'JSON, camelCase', tree: parseJson('b.json', JSON.stringify(camel)) },
    { name: 'YAML, snake_case', tree: parseYaml('a.yaml', stringify(config)) },
    { name: 'YAML, camelCase', tree: parseYaml('b.yaml', stringify(camel)) },
  ];
}

function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [camelKey(key), camelKeys(inner)]));
}

function camelKey(key: string): string {
  return /^[a-z0-9_]+$/.test(key) ? key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : key;
}
