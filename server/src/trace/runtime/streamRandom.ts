/**
 * The one random number of a request (Envoy: ActiveStream::stream_id_): fractions of routes, weighted clusters and mirrors all read it,
 * each by its own modulus. So `30 %` after "not 20 %" is 10 in 80, and the same question asked again has the same answer.
 */
import type { BranchKind } from '../../protocol/trace';
import type { ConfigNode } from '../../schema/configNode';
import type { Hop } from '../hop';
import type { StreamRandom } from '../httpStream';

const ANY_NUMBER: StreamRandom = { modulus: 1, intervals: [[0, 1]] };

/** One outcome: the number modulo the draw's modulus lies in [from, to). */
export interface DrawOption {
  readonly from: number;
  readonly to: number;
  readonly value: string;
  readonly at?: ConfigNode;
}

export interface Draw {
  readonly kind: BranchKind;
  readonly modulus: number;
  readonly options: readonly DrawOption[];
}

/** Which option the request's number falls into: by `request.random`, else a branch with the shares that earlier draws leave. */
export function drawFromStream(hop: Hop, { kind, modulus, options }: Draw): number {
  const given = hop.request.random;
  if (given !== undefined) {
    const rest = ((given % modulus) + modulus) % modulus;
    return options.findIndex(({ from, to }) => rest >= from && rest < to);
  }
  const known = hop.http?.random ?? ANY_NUMBER;
  const open = options
    .map((option, index) => ({ option, index, left: narrow(known, modulus, option) }))
    .filter(({ left }) => left.share > 0);
  const taken =
    open[
      hop.choices.choose(
        kind,
        open.map(({ option, left }) => ({ value: option.value, probability: left.share, ...(option.at && { at: option.at }) })),
      )
    ];
  if (!taken) return -1;
  if (hop.http) hop.http.random = taken.left.random;
  return taken.index;
}

/** The share of a range, without drawing: 0 or 1 where `request.random` is given. */
export function shareOfStream(hop: Hop, { from, to }: { from: number; to: number }, modulus: number): number {
  const given = hop.request.random;
  if (given === undefined) return narrow(hop.http?.random ?? ANY_NUMBER, modulus, { from, to, value: '' }).share;
  const rest = ((given % modulus) + modulus) % modulus;
  return rest >= from && rest < to ? 1 : 0;
}

const MAX_MODULUS = 1e9;
const MAX_INTERVALS = 20_000;

/** The share of `known` that the option keeps, and what is then known. Past the limits the draws count as independent. */
function narrow(known: StreamRandom, modulus: number, { from, to }: DrawOption): { share: number; random: StreamRandom } {
  const common = (known.modulus / greatestDivisor(known.modulus, modulus)) * modulus;
  const pieces = known.intervals.length * (common / known.modulus) + common / modulus;
  if (common > MAX_MODULUS || pieces > MAX_INTERVALS) return { share: Math.max(0, to - from) / modulus, random: known };
  const intervals = intersect(repeat(known.intervals, known.modulus, common), repeat([[from, to]], modulus, common));
  const before = sizeOf(known.intervals) * (common / known.modulus);
  return { share: sizeOf(intervals) / before, random: { modulus: common, intervals } };
}

type Intervals = readonly (readonly [from: number, to: number])[];

function repeat(intervals: Intervals, modulus: number, common: number): Intervals {
  if (modulus === common) return intervals;
  const repeated: [number, number][] = [];
  for (let base = 0; base < common; base += modulus)
    for (const [from, to] of intervals) if (to > from) append(repeated, base + from, base + to);
  return repeated;
}

/** What follows at once is one interval: a number of which nothing is known stays a single one. */
function append(intervals: [number, number][], from: number, to: number): void {
  const last = intervals.at(-1);
  if (last?.[1] === from) last[1] = to;
  else intervals.push([from, to]);
}

function intersect(one: Intervals, other: Intervals): Intervals {
  const found: [number, number][] = [];
  for (let i = 0, j = 0; i < one.length && j < other.length;) {
    const [a, b] = [one[i], other[j]];
    if (!a || !b) break;
    const from = Math.max(a[0], b[0]);
    const to = Math.min(a[1], b[1]);
    if (from < to) found.push([from, to]);
    if (a[1] < b[1]) i++;
    else j++;
  }
  return found;
}

function sizeOf(intervals: Intervals): number {
  return intervals.reduce((sum, [from, to]) => sum + to - from, 0);
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}
