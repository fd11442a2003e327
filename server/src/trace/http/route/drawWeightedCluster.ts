/** weighted_clusters (Envoy: source/common/router/weighted_cluster_specifier.cc): intervals in listed order, the drawn number modulo the total. */
import type { ConfigNode } from '../../../schema/configNode';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import { headerValues, knownHeader, unknownHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { Hop } from '../../hop';
import { say, words, type Sentence } from '../../record/sentence';
import { runtimeNumber } from '../../runtime/readRuntime';
import { drawFromStream } from '../../runtime/streamRandom';
import type { HttpStream } from '../../httpStream';
import { hashOfRequest } from './hashOfRequest';
import type { ClusterChoice } from './clusterChoice';

const NAME_AND_WEIGHT: readonly string[] = ['name', 'cluster_name', 'cluster_header', 'weight'];

interface Interval {
  readonly entry: ConfigNode;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Clusters with weights: `weighted_clusters`, or a group of the priority group specifier. */
export interface WeightedClusters {
  readonly weighted: ConfigNode;
  readonly action: ConfigNode;
  /** Has `header_name` and `use_hash_policy`, where `weighted` itself has not. */
  readonly drawnBy?: ConfigNode;
}

export function drawWeightedCluster(hop: Hop, http: HttpStream, { weighted, action, drawnBy = weighted }: WeightedClusters): ClusterChoice {
  if (mayLackEntries(weighted, 'clusters', NAME_AND_WEIGHT))
    return { kind: 'unknown', missing: words('the weighted clusters that the file leaves out') };
  const unread = weighted.list('clusters').map((entry) => unknownName(http, entry));
  const nameless = unread.find((missing) => missing !== undefined);
  if (nameless) return { kind: 'unknown', missing: nameless };
  const intervals = readIntervals(hop, http, weighted);
  const total = intervals.at(-1)?.to ?? 0;
  if (total === 0) return { kind: 'rejected_config', because: words('the weights add up to 0'), at: weighted };
  const headerName = drawnBy.string('header_name');
  const values = headerName === '' ? [] : knownHeader(http.request, headerName);
  if (values instanceof NotKnown) return { kind: 'unknown', missing: values.missing };
  const header = numberOf(values);
  if (header !== undefined) return choose(intervalOf(intervals, header), say`header ${headerName} says ${Number(header)}`, total);
  const hash = drawnBy.bool('use_hash_policy') === true ? hashOfRequest(hop, http, action, 'cluster') : undefined;
  if (hash?.kind === 'hash') {
    const rest = Number(hash.value % BigInt(total));
    return choose(intervalOf(intervals, hash.value), say`the request is hashed by ${hash.from}, and the rest is ${rest}`, total);
  }
  if (hash?.kind === 'unknown' && hop.request.random === undefined) return drawByHash(hop, intervals, { total, missing: hash.missing });
  const options = intervals.map(({ entry, name, from, to }) => ({ from, to, value: name, at: entry }));
  return choose(intervals[drawFromStream(hop, { kind: 'weight', modulus: total, options })], howDrawn(headerName, values), total);
}

/** A header that should say the number, and does not, is told. */
function howDrawn(header: string, values: readonly string[]): Sentence {
  if (header === '') return words('it is drawn by weight');
  if (values.length === 0) return say`header ${header} is not there, so it is drawn by weight`;
  return values.length > 1
    ? say`header ${header} is there ${values.length} times, so it is drawn by weight`
    : say`header ${header} is no number but ${values}, so it is drawn by weight`;
}

/** Where a number falls that is taken modulo the total. */
function intervalOf(intervals: readonly Interval[], number: bigint): Interval | undefined {
  const rest = Number(number % BigInt(intervals.at(-1)?.to ?? 1));
  return intervals.find(({ from, to }) => rest >= from && rest < to);
}

/** The hash is not known: each cluster is possible, with an unknown share. */
function drawByHash(hop: Hop, intervals: readonly Interval[], { total, missing }: { total: number; missing: Sentence }): ClusterChoice {
  const open = intervals.filter(({ from, to }) => to > from);
  const taken = hop.choices.choose(
    'weight',
    open.map(({ name, entry }) => ({ value: name, probability: open.length === 1 ? 1 : null, at: entry })),
  );
  return choose(open[taken], say`the hash policy draws it, by ${missing}`, total);
}

function choose(interval: Interval | undefined, how: Sentence, total: number): ClusterChoice {
  if (!interval) return { kind: 'unknown', missing: words('which of the weighted clusters is drawn') };
  const { entry, name, from, to } = interval;
  return { kind: 'chosen', name, because: say`${how}: weight ${to - from} of ${total}`, at: entry, weight: entry };
}

/** Cumulative weights; runtime keys `PREFIX.CLUSTER` override. Entries without a name read it from a header. */
function readIntervals(hop: Hop, http: HttpStream, weighted: ConfigNode): Interval[] {
  const prefix = weighted.string('runtime_key_prefix');
  let end = 0;
  return weighted.list('clusters').map((entry) => {
    const configured = entry.string('name') || entry.string('cluster_name');
    const standard = entry.number('weight') ?? 0;
    const weight = prefix === '' ? standard : runtimeNumber(hop, `${prefix}.${configured}`, standard);
    const name = configured === '' ? (headerValues(http.request, entry.string('cluster_header'))[0] ?? '') : configured;
    const from = end;
    end += weight;
    return { entry, name, from, to: end };
  });
}

/** What is missing where a header names the cluster of an entry, and its value is not known. */
function unknownName({ request }: HttpStream, entry: ConfigNode): Sentence | undefined {
  const header = entry.string('cluster_header');
  if (entry.string('name') !== '' || entry.string('cluster_name') !== '' || header === '') return undefined;
  const missing = unknownHeader(request, header);
  return missing && say`the cluster that header ${header} names: ${missing}`;
}

const MAX_UINT64 = 2n ** 64n;

/** The header's only value as a uint64; several values, or anything else, do not count. */
function numberOf(values: readonly string[]): bigint | undefined {
  const text = values.length === 1 ? (values[0] ?? '').trim() : '';
  if (!/^\+?\d{1,20}$/.test(text)) return undefined;
  const number = BigInt(text.replace('+', ''));
  return number < MAX_UINT64 ? number : undefined;
}
