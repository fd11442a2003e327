/** JSON as Envoy writes it (source/common/json/json_utility.cc; numbers: Buffer::Util::serializeDouble, which is std::to_chars). */
import { isJsonObject } from '../../protocol/jsonValue';
import { NotKnown } from '../facts/notKnown';

/** Envoy parses messages of at most 100 levels. */
const MAX_DEPTH = 100;

/** Members stand in the order of their names. The first part that only the running Envoy knows, where there is one. */
export function jsonText(given: unknown, depth = 0): string | NotKnown {
  if (given instanceof NotKnown) return given;
  if (typeof given === 'number') return numberText(given);
  if (typeof given !== 'object' || given === null || depth > MAX_DEPTH) return JSON.stringify(given);
  if (!isJsonObject(given)) return listText(given as readonly unknown[], depth);
  return structText(given, depth);
}

function listText(items: readonly unknown[], depth: number): string | NotKnown {
  const texts: string[] = [];
  for (const item of items) {
    const text = jsonText(item, depth + 1);
    if (text instanceof NotKnown) return text;
    texts.push(text);
  }
  return `[${texts.join(',')}]`;
}

function structText(struct: Readonly<Record<string, unknown>>, depth: number): string | NotKnown {
  const texts: string[] = [];
  for (const key of Object.keys(struct).sort()) {
    const text = jsonText(struct[key], depth + 1);
    if (text instanceof NotKnown) return text;
    texts.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${texts.join(',')}}`;
}

/** The shorter of `100000` and `1e+05`; of two of one length the former. */
export function numberText(given: number): string {
  if (Number.isNaN(given)) return 'null';
  const [digits = '', exponent = '+0'] = given.toExponential().split('e');
  const scientific = `${digits}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
  const plain = Object.is(given, -0) ? '-0' : Number.isInteger(given) ? BigInt(given).toString() : String(given);
  return plain.includes('e') || scientific.length < plain.length ? scientific : plain;
}
