/** Takes away the colours of a terminal (`jq -C`, `kubectl` behind a pager) between the tokens of JSON. */
import type { Text } from '../text/text';
import { mapLines, type KeptLine, type LineMap } from './lineMap';

/** The first colour stands near the beginning. */
const SAMPLE = 1_000;

/** Control Sequence Introducer … final byte (ECMA-48, 5.4). */
const INTRODUCER = '\u001b[';
const SEQUENCE = new RegExp(`${INTRODUCER.replace('[', '\\[')}[0-?]*[ -/]*[@-~]`, 'g');

/** The text without its colours, or undefined where it has none, or is not JSON: between tokens of YAML blanks have a meaning. */
export function stripColours(text: Text): LineMap | undefined {
  if (!text.slice(0, SAMPLE).includes(INTRODUCER)) return undefined;
  const whole = String(text);
  const kept: KeptLine[] = [];
  let start = 0;
  for (const { 0: sequence, index } of whole.matchAll(SEQUENCE)) {
    if (index > start) kept.push({ start, end: index });
    start = index + sequence.length;
  }
  kept.push({ start, end: whole.length });
  const stripped = mapLines(text, kept, ' ');
  return /^\s*[{[]/.test(stripped.text) ? stripped : undefined;
}
