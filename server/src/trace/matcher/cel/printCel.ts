/** Values of CEL as texts. */
import { printDouble } from '../../../text/printDouble';
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
