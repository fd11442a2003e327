/** Counts what agreed, per area, and decides whether the suite passes. */
import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { OUTPUT } from './labFolders';
import type { RefusalVerdict } from './lintRefused';
import type { LabOptions } from './options';
import type { PairResult, RefusedCase } from './runCases';
import { MAX_WAIVERS, waivers, type Waiver } from './waivers';

export interface Tally {
  pairs: number;
  /** Pairs that were asked a second time, for the lab itself seemed to have failed. */
  again: number;
  written: number;
  /** Kinds of disagreement that were written down already. */
  readonly kinds: Set<string>;
  readonly areas: Map<string, Record<string, number>>;
  readonly lines: string[];
  readonly waived: Set<Waiver>;
  readonly refused: string[];
  readonly refusals: Partial<Record<RefusalVerdict, number>>;
}

export function emptyTally(): Tally {
  return { pairs: 0, again: 0, written: 0, kinds: new Set(), areas: new Map(), lines: [], waived: new Set(), refused: [], refusals: {} };
}

export function tallyPairs(tally: Tally, pairs: readonly PairResult[]): void {
  for (const { placed, verdict, because, request, isAgain } of pairs) {
    tally.pairs++;
    if (isAgain) tally.again++;
    const waiver =
      verdict === 'agree' ? undefined : waivers.find(({ area, contains }) => area === placed.area && because.includes(contains));
    if (waiver) tally.waived.add(waiver);
    const counts = tally.areas.get(placed.area) ?? {};
    const key = waiver ? 'waived' : verdict;
    counts[key] = (counts[key] ?? 0) + 1;
    tally.areas.set(placed.area, counts);
    if (key !== 'agree' && key !== 'waived')
      tally.lines.push(`[${placed.area}] --case ${placed.index}: ${verdict}: ${because} (${JSON.stringify(request.request)})`);
  }
}

/** A configuration that Envoy refuses. */
export function tallyRefused(tally: Tally, { placed, reason }: RefusedCase, verdict: RefusalVerdict): void {
  tally.refusals[verdict] = (tally.refusals[verdict] ?? 0) + 1;
  if (verdict !== 'refused by both') tally.refused.push(`${verdict}: [${placed.area}] --case ${placed.index}: ${shortReason(reason)}`);
}

/** Envoy prints the whole message first, its reason last. */
function shortReason(reason: string): string {
  const text = reason.replaceAll(/\s+/gu, ' ').replace(/^.*?initializing configuration '[^']*': /u, '');
  return text.length > 260 ? `…${text.slice(-260)}` : text;
}

/** Prints the summary; the exit status. */
export function reportTally(tally: Tally, { options, seconds }: { options: LabOptions; seconds: number }): number {
  const total: Record<string, number> = {};
  for (const counts of tally.areas.values()) for (const [key, count] of Object.entries(counts)) total[key] = (total[key] ?? 0) + count;
  for (const [area, counts] of tally.areas) console.log(`${area.padEnd(24)} ${showCounts(counts)}`);
  const shown = options.verbose ? tally.lines : tally.lines.slice(0, 40);
  for (const line of shown) console.log(`✗ ${line.slice(0, 900)}`);
  for (const line of tally.refused.slice(0, options.verbose ? undefined : 10)) console.log(`– ${line}`);
  console.log(
    `${tally.pairs} pairs in ${seconds.toFixed(1)} s (seed ${options.seed}): ${showCounts(total)}; configurations refused: ${showCounts(tally.refusals) || 'none'}; ${tally.waived.size} waivers used${tally.again > 0 ? `; ${tally.again} pairs asked twice` : ''}`,
  );
  mkdirSync(OUTPUT, { recursive: true });
  const summary = {
    seed: options.seed,
    seconds,
    pairs: tally.pairs,
    total,
    areas: Object.fromEntries(tally.areas),
    lines: tally.lines,
    refused: tally.refused,
  };
  writeFileSync(join(OUTPUT, 'summary.json'), `${JSON.stringify(summary, null, 1)}\n`);
  const unclear = total['unclear'] ?? 0;
  if (tally.waived.size > MAX_WAIVERS) console.log(`${tally.waived.size} waivers were used: more than ${MAX_WAIVERS}`);
  if (unclear > tally.pairs / 50) console.log(`${unclear} observations are unclear: more than 2 %, the lab itself is at fault`);
  const isFailed = tally.lines.length > unclear || tally.waived.size > MAX_WAIVERS || unclear > tally.pairs / 50;
  console.log(closingLine(total, isFailed));
  return isFailed ? 1 : 0;
}

/** The line that tools/test.mjs adds up: pairs; what is waived, unclear or not checked counts as skipped. */
function closingLine({ agree = 0, ...others }: Readonly<Record<string, number>>, isFailed: boolean): string {
  const skipped = (others['waived'] ?? 0) + (others['unclear'] ?? 0);
  const failed = Object.values(others).reduce((sum, count) => sum + count, 0) - skipped;
  return `${agree} passed, ${isFailed ? Math.max(failed, 1) : failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function showCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([key, count]) => `${count} ${key}`)
    .join(', ');
}
