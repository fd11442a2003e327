/** The words of the page in the user's language, as the extension put them into the document. */
import { englishStrings, type PageStrings } from './pageStrings';

/** The phrase `key` with its `{0}`, `{1}` … filled in. */
export function word(key: keyof PageStrings, ...values: (string | number)[]): string {
  const phrase = words[key];
  return phrase.replace(/\{(\d)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}

/** Example: `60 %`, `33.3 %`; a phrase where it is not known. */
export function percent(probability: number | null): string {
  return probability === null ? word('probabilityUnknown') : `${Number((probability * 100).toPrecision(3))} %`;
}

const words: PageStrings = { ...englishStrings, ...readWords() };

function readWords(): Partial<PageStrings> {
  const given = globalThis.document?.body.dataset.strings;
  return given === undefined ? {} : (JSON.parse(given) as Partial<PageStrings>);
}
