/** Tells which message a pasted object is that is no resource by itself, when only one message of the API fits. */
import { readTyped, type ConfigNode } from '../../schema/configNode';
import { messageType } from '../../schema/messageType';
import { messagesWithFields } from '../../schema/messagesWithFields';
import { walkMessages } from '../../schema/walkMessages';

/** Larger objects are no fragments, and more candidates than this are no clue. */
const MAX_NODES = 20_000;
const MAX_CANDIDATES = 60;

/** The full name of the message; undefined where none or several fit. A single common key (`name`) is no evidence. */
export function guessFragment(node: ConfigNode): string | undefined {
  const { tree, id } = node;
  if ((tree.columns.nexts[id] ?? 0) - id > MAX_NODES || node.entry('apiVersion')) return undefined;
  const typed = node.entry('@type') ? readTyped(node).type : '';
  if (typed !== '') return messageType(typed)?.name;
  const keys = node.entries().map(([key]) => key);
  const candidates = messagesWithFields(keys).slice(0, MAX_CANDIDATES);
  const isClue = keys.length > 1 || keys.some((key) => /[_A-Z]/.test(key)) || hasMessage(node);
  if (!isClue) return undefined;
  const whole = onlyOne(candidates.filter((name) => fits(node, name)));
  if (whole !== undefined || keys.filter((key) => /[_A-Z]/.test(key)).length < 2) return whole;
  // Words of the API, and only one message that has them all: what is wrong deeper in it is to be told.
  return onlyOne(candidates);
}

/** Some messages have a twin in another package (google.api.expr and cel.expr). */
function onlyOne(names: readonly string[]): string | undefined {
  const shortNames = new Set(names.map((name) => name.slice(name.lastIndexOf('.') + 1)));
  return shortNames.size === 1 ? names[0] : undefined;
}

/** Every key, however deep, is a field (of messages that the API describes). */
function fits({ tree, id }: ConfigNode, message: string): boolean {
  let unknown = 0;
  let messages = 0;
  walkMessages(tree, id, message, { message: () => messages++, unknownField: () => unknown++ });
  return unknown === 0 && messages > 0;
}

/** Something below it looks like configuration and not like a plain list. */
function hasMessage(node: ConfigNode): boolean {
  return node.entries().some(([, value]) => value.isObject || value.items().some((item) => item.isObject));
}
