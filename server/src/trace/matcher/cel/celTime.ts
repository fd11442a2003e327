/** Timestamps and durations of CEL (cel-cpp: runtime/standard/time_functions.cc, arithmetic_functions.cc, internal/time.cc). */
import { words } from '../../record/sentence';
import { failed, isDuration, isTimestamp, known, type CelData, type CelDuration, type CelTimestamp, type CelValue } from './celValue';

const NANOS = 1_000_000_000n;
const UNITS: Readonly<Record<string, bigint>> = { ns: 1n, us: 1_000n, ms: 1_000_000n, s: NANOS, m: 60n * NANOS, h: 3_600n * NANOS };
/** What a duration may be at most; of timestamps Envoy checks no range. */
const LONGEST = 315_576_000_000n * NANOS;

/** `1h30m`, `-1.5s`, `0`; undefined for what is none. */
export function parseDuration(text: string): CelDuration | undefined {
  const match = /^([+-]?)((?:\d+\.?\d*|\.\d+)(?:ns|us|ms|s|m|h))+$/.exec(text);
  if (!match) return /^[+-]?0$/.test(text) ? { duration: 0n } : undefined;
  let sum = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(/(\d*)\.?(\d*)(ns|us|ms|s|m|h)/g)) {
    const size = UNITS[unit] ?? 0n;
    sum += BigInt(whole || '0') * size + (fraction === '' ? 0n : (BigInt(fraction) * size) / 10n ** BigInt(fraction.length));
  }
  return { duration: match[1] === '-' ? -sum : sum };
}

/** RFC 3339 with a zone; undefined for what is none. */
export function parseTimestamp(text: string): CelTimestamp | undefined {
  const match = /^(\d{1,6})(-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  const [, year = '', rest = '', fraction = '', zone = ''] = match ?? [];
  // JavaScript writes years beyond 9999 with a sign and six digits.
  const millis = match ? Date.parse(`+${year.padStart(6, '0')}${rest}${zone}`.toUpperCase()) : NaN;
  if (Number.isNaN(millis)) return undefined;
  if (new Date(millis + minutesOf(zone) * 60_000).getUTCDate() !== Number(rest.slice(4, 6))) return undefined;
  return { time: BigInt(millis) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0')) };
}

/** `duration(x)`, `timestamp(x)`: from a text, from seconds since 1970, or what is one already. */
export function toDuration(value: CelData | undefined): CelValue {
  if (isDuration(value)) return known(value);
  return checkDuration(typeof value === 'string' ? parseDuration(value)?.duration : undefined);
}

export function toTimestamp(value: CelData | undefined): CelValue {
  if (isTimestamp(value)) return known(value);
  if (typeof value === 'bigint') return checkTime(value * NANOS);
  return checkTime(typeof value === 'string' ? parseTimestamp(value)?.time : undefined);
}

/** `+` and `-`; undefined where neither side is a time. */
export function calculateTime(operator: string, a: CelData | undefined, b: CelData | undefined): CelValue | undefined {
  const [isA, isB] = [isTimestamp(a) || isDuration(a), isTimestamp(b) || isDuration(b)];
  if (!isA && !isB) return undefined;
  if (operator === '+') {
    if (isTimestamp(a) && isDuration(b)) return checkTime(a.time + b.duration);
    if (isDuration(a) && isTimestamp(b)) return checkTime(a.duration + b.time);
    if (isDuration(a) && isDuration(b)) return checkDuration(a.duration + b.duration);
  }
  if (operator === '-') {
    if (isTimestamp(a) && isDuration(b)) return checkTime(a.time - b.duration);
    if (isTimestamp(a) && isTimestamp(b)) return checkDuration(a.time - b.time);
    if (isDuration(a) && isDuration(b)) return checkDuration(a.duration - b.duration);
  }
  return failed(words('times cannot be calculated so'));
}

function checkTime(time: bigint | undefined): CelValue {
  return time === undefined ? failed(words('no timestamp')) : known({ time });
}

function checkDuration(duration: bigint | undefined): CelValue {
  if (duration === undefined) return failed(words('no duration'));
  return duration < -LONGEST || duration > LONGEST ? failed(words('the duration is out of range')) : known({ duration });
}

/** Whole seconds since 1970, downwards. */
export function secondsOf({ time }: CelTimestamp): bigint {
  return time >= 0n ? time / NANOS : -((-time + NANOS - 1n) / NANOS);
}

type Part = (date: Date) => number;

const DATE_PARTS: Readonly<Record<string, Part>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDayOfYear: (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDate: (date) => date.getUTCDate(),
  getDayOfWeek: (date) => date.getUTCDay(),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

const DURATION_PARTS: Readonly<Record<string, (nanos: bigint) => bigint>> = {
  getHours: (nanos) => nanos / (3_600n * NANOS),
  getMinutes: (nanos) => nanos / (60n * NANOS),
  getSeconds: (nanos) => nanos / NANOS,
  getMilliseconds: (nanos) => (nanos / 1_000_000n) % 1_000n,
};

export const TIME_PARTS: readonly string[] = Object.keys(DATE_PARTS);

/** `x.getHours()`, in a zone where one is named; a duration's hours are all of it. */
export function partOfTime(name: string, value: CelData | undefined, zone: CelData | undefined): CelValue {
  const whole = DURATION_PARTS[name];
  if (isDuration(value)) return whole && zone === undefined ? known(whole(value.duration)) : failed(words('a duration has no such part'));
  const part = DATE_PARTS[name];
  const shift = zone === undefined ? 0 : minutesOfZone(zone, value);
  if (!isTimestamp(value) || !part) return failed(words('only times have such parts'));
  if (shift === undefined) return failed(words('there is no such time zone'));
  const millis = value.time >= 0n ? value.time / 1_000_000n : -((-value.time + 999_999n) / 1_000_000n);
  return known(BigInt(part(new Date(Number(millis) + shift * 60_000))));
}

const FIXED_ZONE = /^([+-]?)(\d\d):(\d\d)$/;

/** `+02:00`; 0 for anything else. */
function minutesOf(zone: string): number {
  const fixed = FIXED_ZONE.exec(zone);
  return fixed ? (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3])) : 0;
}

/** Minutes east of UTC: `+02:00`, or a name of the zones' table. */
function minutesOfZone(zone: CelData, value: CelData | undefined): number | undefined {
  if (typeof zone !== 'string' || !isTimestamp(value)) return undefined;
  if (FIXED_ZONE.test(zone)) return minutesOf(zone);
  try {
    const date = new Date(Number(value.time / 1_000_000n));
    const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(date);
    const offset = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    return minutesOf(offset.replace('GMT', ''));
  } catch {
    return undefined;
  }
}

/** As absl::FormatTime does in UTC: `2020-01-01T00:00:00.5+00:00`. */
export function printTimestamp(given: CelTimestamp): string {
  const seconds = secondsOf(given);
  const fraction = fractionText(given.time - seconds * NANOS);
  const date = new Date(Number(seconds) * 1000);
  return `${date.getUTCFullYear()}${date.toISOString().slice(-20, -5)}${fraction}+00:00`;
}

/** As absl::FormatDuration does: `1h30m`, `1.5s`, `2ms`, `0`. */
export function printDuration({ duration }: CelDuration): string {
  if (duration === 0n) return '0';
  const sign = duration < 0n ? '-' : '';
  const all = duration < 0n ? -duration : duration;
  for (const unit of ['ns', 'us', 'ms'].filter(() => all < NANOS)) {
    const size = UNITS[unit] ?? 1n;
    if (all < size * 1000n) return `${sign}${withFraction(all, size)}${unit}`;
  }
  const [hour, minute] = [3_600n * NANOS, 60n * NANOS];
  const rest = all % minute;
  const parts = [all / hour > 0n ? `${all / hour}h` : '', (all % hour) / minute > 0n ? `${(all % hour) / minute}m` : ''];
  return `${sign}${parts.join('')}${rest > 0n ? `${withFraction(rest, NANOS)}s` : ''}`;
}

function withFraction(value: bigint, size: bigint): string {
  const digits = String(size).length - 1;
  const fraction = String(value % size)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return digits === 0 || fraction === '' ? String(value / size) : `${value / size}.${fraction}`;
}

function fractionText(nanos: bigint): string {
  const text = String(nanos).padStart(9, '0').replace(/0+$/, '');
  return text === '' ? '' : `.${text}`;
}
