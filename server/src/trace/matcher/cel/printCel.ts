/** Values of CEL as texts. */
import { printDuration, printTimestamp } from './celTime';
import { isBytes, isDuration, isMap, isTimestamp, isType, isUint, type CelData } from './celValue';

/** As Envoy writes a value into a header (Envoy: expr/evaluator.cc print); undefined for a message, whose text depends on the build. */
export function printCel(value: CelData): string | undefined {
  if (isMap(value) && value.isMessage === true) return undefined;
  if (value === null) return 'NULL';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return printDouble(value, 6);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (isUint(value)) return String(value.uint);
  if (isBytes(value)) return value.bytes;
  if (isTimestamp(value)) return printTimestamp(value);
  if (isDuration(value)) return printDuration(value);
  if (isType(value)) return 'CelType value';
  return Array.isArray(value) ? 'CelList value' : 'CelMap value';
}

/** C's `%.<digits>g`. */
export function printDouble(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = '0'] = value.toExponential(digits - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < digits) return trimZeros(value.toFixed(Math.max(0, digits - 1 - exponent)));
  return `${trimZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
