/** CEL's string extension, which `enable_string_functions` switches on (cel-cpp: extensions/strings.cc). */
import { say, words } from '../../record/sentence';
import { failed, known, open, type CelData, type CelValue } from './celValue';

type StringFunction = (given: readonly CelData[]) => CelValue;

export const stringFunctions: ReadonlyMap<string, StringFunction> = new Map<string, StringFunction>([
  ['lowerAscii', ([a]) => onText(a, (text) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase()))],
  ['upperAscii', ([a]) => onText(a, (text) => text.replace(/[a-z]+/g, (part) => part.toUpperCase()))],
  ['trim', ([a]) => onText(a, (text) => text.trim())],
  ['replace', ([a, from, to, limit]) => replaceText(a, from, { to, limit })],
  ['split', ([a, by, limit]) => splitText(a, by, limit)],
  ['join', ([a, by = '']) => joinTexts(a, by)],
  ['substring', ([a, from, to]) => substring(a, from, to)],
  ...['charAt', 'indexOf', 'lastIndexOf', 'format', 'quote', 'reverse', 'strings.quote'].map((name): [string, StringFunction] => [
    name,
    () => open(say`what the CEL function ${name} gives`),
  ]),
]);

function onText(value: CelData | undefined, change: (text: string) => string): CelValue {
  return typeof value === 'string' ? known(change(value)) : failed(words('the function needs a text'));
}

function replaceText(
  value: CelData | undefined,
  from: CelData | undefined,
  { to, limit }: { to: CelData | undefined; limit: CelData | undefined },
): CelValue {
  if (typeof value !== 'string' || typeof from !== 'string' || typeof to !== 'string') return failed(words('replace needs texts'));
  if (from === '' || limit !== undefined) return open(words('what replace gives'));
  return known(value.split(from).join(to));
}

function splitText(value: CelData | undefined, by: CelData | undefined, limit: CelData | undefined): CelValue {
  if (typeof value !== 'string' || typeof by !== 'string') return failed(words('split needs texts'));
  return limit === undefined ? known(value.split(by)) : open(words('what split gives'));
}

function joinTexts(list: CelData | undefined, by: CelData): CelValue {
  const isTexts = Array.isArray(list) && list.every((each) => typeof each === 'string');
  return isTexts && typeof by === 'string' ? known(list.join(by)) : failed(words('join needs a list of texts'));
}

function substring(value: CelData | undefined, from: CelData | undefined, to: CelData | undefined): CelValue {
  if (typeof value !== 'string' || typeof from !== 'bigint') return failed(words('substring needs a text and a place'));
  const characters = Array.from(value);
  const [start, end] = [Number(from), typeof to === 'bigint' ? Number(to) : characters.length];
  return start >= 0 && start <= end && end <= characters.length
    ? known(characters.slice(start, end).join(''))
    : failed(words('the place is outside the text'));
}
