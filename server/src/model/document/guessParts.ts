/** Tells which messages stand under the keys of a pasted object that is no message itself: fields without what is around them, entries of a map. */
import type { ConfigNode } from '../../schema/configNode';
import { messageType } from '../../schema/table/messageType';
import { isHeldInMap, messagesUnderKey, type HeldMessage } from '../../schema/table/messagesWithFields';
import { candidatesFor, fits, guessFragment, hasLongField, MAX_NODES, onlyOne, WORD_OF_API } from './guessFragment';

export interface Part {
  readonly node: ConfigNode;
  /** Full name of its message. */
  readonly message: string;
}

/** The messages below an object, by its keys; [] where they do not tell. `weighted_clusters: {…}`, `lb_endpoints: […]`, `policies: {…}`. */
export function guessParts(node: ConfigNode): readonly Part[] {
  if (node.tree.next(node.id) - node.id > MAX_NODES) return [];
  const entries = node.entries();
  const around = candidatesFor(entries.map(([key]) => key));
  const parts = around.some(isConfigured) ? entries.flatMap(([key, value]) => partsUnder(key, value)) : [];
  return parts.length > 0 ? parts : entriesOfMap(node);
}

/** The one message that all values under a key can be; some word of the API is the key, or stands below it. Envoy's core comes before its extensions. */
function partsUnder(key: string, value: ConfigNode): readonly Part[] {
  if (value.isObject === value.isArray) return [];
  const choices = messagesUnderKey(key).flatMap((held) => {
    const nodes = valuesOf(value, held);
    return isConfigured(held.message) && nodes.length > 0 && nodes.every((each) => each.isObject && fits(each, held.message))
      ? [{ ...held, nodes }]
      : [];
  });
  // Of equal names the larger message: routes have more conditions for retries than sources of data.
  const names = choices.map((choice) => choice.message).sort((a, b) => sizeOf(b) - sizeOf(a));
  const message = onlyOne(names) ?? onlyOne(names.filter((name) => name.startsWith('envoy.config.')));
  const nodes = choices.find((choice) => choice.message === message)?.nodes ?? [];
  const isTold = WORD_OF_API.test(key) || hasTellingWords(value, nodes) || nodes.some((each) => hasLongField(each, message ?? ''));
  if (message === undefined || !isTold) return [];
  return nodes.map((each) => ({ node: each, message }));
}

/** Fields which are everybody's words, with those that all below them have: together they are Envoy's, where nothing else stands beside them. */
const TELLING_WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['clusters', ['name', 'weight']],
  ['route', ['cluster']],
  ['node', ['id', 'cluster']],
]);

function hasTellingWords({ key, parent }: ConfigNode, nodes: readonly ConfigNode[]): boolean {
  const words = parent?.entries().length === 1 ? TELLING_WORDS.get(key) : undefined;
  return words !== undefined && nodes.every((each) => words.every((word) => each.has(word)));
}

function sizeOf(message: string): number {
  return messageType(message)?.fieldList.length ?? 0;
}

/** Not what Envoy's admin interface tells, nor Istio's own. */
function isConfigured(message: string): boolean {
  return /^(?:envoy|xds|udpa)\./.test(message) && !/^envoy\.(?:admin|service)\./.test(message);
}

/** What stands in a field of that shape; a list may have one item, and no brackets. */
function valuesOf(value: ConfigNode, { shape }: HeldMessage): readonly ConfigNode[] {
  if (value.isArray) return shape === 'list' ? value.items() : [];
  return shape === 'map' ? value.entries().map(([, entry]) => entry) : [value];
}

/** Entries of a map without its key: policies of RBAC by their names, the providers of a JWT filter. */
function entriesOfMap(node: ConfigNode): readonly Part[] {
  const parts: Part[] = [];
  for (const [, value] of node.entries()) {
    const message = value.isObject ? guessFragment(value) : undefined;
    if (message === undefined || !isHeldInMap(message) || message !== (parts[0]?.message ?? message)) return [];
    parts.push({ node: value, message });
  }
  return parts;
}
