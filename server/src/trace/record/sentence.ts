/** Sentences that are written down cheaply and put together only when somebody reads them. */

/** A template's fixed parts (their identity is the sentence's code) and its values. */
export interface Sentence {
  readonly strings: readonly string[];
  readonly values: readonly SentenceValue[];
}

/** A string is a name and is shown in backticks; numbers and sentences are shown as they are; a list is joined by commas. */
export type SentenceValue = string | number | boolean | undefined | Sentence | readonly string[];

/** say`route ${name} asks for ${count} headers`: nothing is joined until renderSentence. */
export function say(strings: TemplateStringsArray, ...values: SentenceValue[]): Sentence {
  return { strings, values };
}

/** Words that are not a name: no backticks. */
export function words(text: string): Sentence {
  return { strings: [text], values: [] };
}

/** Several sentences as one, with commas. */
export function joinSentences(parts: readonly Sentence[]): Sentence {
  return { strings: ['', ...parts.map((_, index) => (index < parts.length - 1 ? ', ' : ''))], values: parts };
}

/** With names and values in backquotes. */
export function renderSentence({ strings, values }: Sentence): string {
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += renderValue(value) + (strings[index + 1] ?? '');
  });
  return text;
}

function renderValue(value: SentenceValue): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return quoteName(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (isSentence(value)) return renderSentence(value);
  return value.length === 0 ? 'nothing' : value.map(quoteName).join(', ');
}

function isSentence(value: Sentence | readonly string[]): value is Sentence {
  return 'strings' in value;
}

/** A name in backticks; line breaks and backticks inside are made harmless, an empty name is said. */
function quoteName(name: string): string {
  return name === '' ? '`` (empty)' : `\`${name.replace(/[\r\n\t]+/g, ' ').replace(/`/g, "'")}\``;
}
