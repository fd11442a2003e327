/** A trace as text for a terminal or an incident channel: one line a hop, the outcome last, the reasons on request. */
import { shortProxy } from '../../model/summary/shortProxy';
import { decidingStep } from '../../protocol/decidingStep';
import type { Location, Trace, TraceHop, TracePath, TraceStep } from '../../protocol/trace';
import { printable } from '../../protocol/printable';
import { describeHop, tellingStep } from './describeHop';
import { describeOutcome, formatPercent } from './describeOutcome';
import { describeRequest } from './describeRequest';
import { ANSI, PLAIN, type Paint, type Palette } from './palette';
import { fileNameOf } from '../../text/uriParts';

export interface TextOptions {
  /** Steps, reasons and rejected candidates under each hop. */
  readonly why?: boolean;
  readonly colours?: boolean;
}

/** Ends with a line break. */
export function renderText(trace: Trace, { why = false, colours = false }: TextOptions = {}): string {
  const paint = colours ? ANSI : PLAIN;
  const lines = [paint.bold(describeRequest(trace.request))];
  const [head] = trace.paths;
  const first = head && hopBlocks(head, { why, paint });
  trace.paths.forEach((path, index) => {
    lines.push(
      ...renderPath(path, { title: pathTitle(path, index, trace.paths.length), why, paint, first: index > 0 ? first : undefined }),
    );
  });
  for (const note of trace.notes) lines.push(paint.dim(`note: ${printable(note)}`));
  return `${lines.join('\n')}\n`;
}

function pathTitle(path: TracePath, index: number, count: number): string | undefined {
  if (count <= 1) return undefined;
  const share = path.probability === null ? 'share not known' : formatPercent(path.probability);
  const choices = path.branches.map(({ kind, value }) => `${kind} ${kind === 'endpoint' ? shortEndpoint(value) : value}`).join(', ');
  return printable(`path ${index + 1} of ${count}: ${share}${choices ? ` (${choices})` : ''}`);
}

/** Of an internal endpoint its id, where it has one: the listener's name is told by the hop. */
function shortEndpoint(address: string): string {
  return address.startsWith('internal:') ? address.slice(address.lastIndexOf('/') + 1) || address : address;
}

interface PathOptions {
  readonly title: string | undefined;
  readonly why: boolean;
  readonly paint: Palette;
  /** Of the first path; what others share with it is not told again. */
  readonly first: readonly string[][] | undefined;
}

function renderPath(path: TracePath, { title, why, paint, first }: PathOptions): string[] {
  const blocks = hopBlocks(path, { why, paint });
  const shared = first ? sharedBlocks(blocks, first) : 0;
  const lines: string[] = title === undefined ? [] : ['', paint.bold(title)];
  if (shared > 0) lines.push(paint.dim(`${shared === 1 ? '1' : `1–${shared}`}  as in path 1`));
  lines.push(...blocks.slice(shared).flat());
  const colour = outcomePaint(path, paint);
  lines.push(colour(`=  ${describeOutcome(path)}`));
  if (!why) lines.push(...renderReason(path, paint));
  if (path.response?.body) lines.push(paint.dim(`   body: ${printable(path.response.body)}`));
  for (const missing of path.missing ?? []) lines.push(paint.unsure(`   missing: ${printable(missing)}`));
  return lines;
}

/** One line a hop: proxy, place and way in columns; with `why` its steps below. */
function hopBlocks(path: TracePath, { why, paint }: Pick<PathOptions, 'why' | 'paint'>): string[][] {
  const { hops } = path;
  const rows = hops.map((hop, index) => {
    const step = index === hops.length - 1 && isFailure(path) ? stoppingStep(path) : tellingStep(hop);
    // The proxy of a hop after an internal connection is the one above.
    const proxy = index > 0 && hops[index - 1]?.proxy === hop.proxy ? '  ↳' : nameOfProxy(hop);
    const place = step?.at ? formatPlace(step.at) : '';
    // A proxy without an id of its own is called by its file, which the place tells.
    const isTold = place.startsWith(`${proxy}:`);
    return { number: String(index + 1), proxy: isTold ? '' : proxy, place, way: describeHop(hop, hops[index + 1]) };
  });
  const width = (of: (row: (typeof rows)[number]) => string): number => Math.max(0, ...rows.map((row) => of(row).length));
  const widths = { number: width(({ number }) => number), proxy: width(({ proxy }) => proxy), place: width(({ place }) => place) };
  return rows.map(({ number, proxy, place, way }, index) => [
    [
      number.padStart(widths.number),
      ...(widths.proxy > 0 ? [proxy.padEnd(widths.proxy)] : []),
      ...(widths.place > 0 ? [paint.dim(place.padEnd(widths.place))] : []),
      way,
    ].join('  '),
    ...(why ? (hops[index]?.steps ?? []).flatMap((step) => renderStep(step, paint)) : []),
  ]);
}

/** What stopped the request, or the last thing before it that has a place. */
function stoppingStep(path: TracePath): TraceStep | undefined {
  const step = decidingStep(path);
  return step?.at ? step : path.hops.at(-1)?.steps.findLast(({ at, onAnswer }) => at && onAnswer !== true);
}

function sharedBlocks(blocks: readonly string[][], first: readonly string[][]): number {
  const end = blocks.findIndex((block, index) => block.join('\n') !== first[index]?.join('\n'));
  return end < 0 ? 0 : end;
}

function nameOfProxy({ proxy, kind }: TraceHop): string {
  const name = shortProxy(proxy);
  return kind === 'ztunnel' && !name.includes('(') ? `${name} (ztunnel)` : name;
}

const REASONS = 3;

/** Why a request failed, without asking for all steps: what stopped it, and the first conditions that were not met. */
function renderReason(path: TracePath, paint: Palette): string[] {
  const step = isFailure(path) ? decidingStep(path) : undefined;
  if (!step) return [];
  const rejected = step.rejected.slice(0, REASONS).map(({ candidate, because, at }) => {
    return `        not ${printable(candidate)}: ${printable(because)}${at ? `  ${formatPlace(at)}` : ''}`;
  });
  const more = step.rejectedTotal > REASONS ? [`        and ${step.rejectedTotal - REASONS} more (--why)`] : [];
  return [`   why: ${printable(step.decision)} — ${printable(step.because)}`, ...rejected.map(paint.dim), ...more.map(paint.dim)];
}

function isFailure({ disposition }: TracePath): boolean {
  return disposition !== 'insufficient_info' && !isGood(disposition);
}

function isGood(disposition: TracePath['disposition']): boolean {
  return (
    disposition === 'upstream' ||
    disposition === 'direct_response' ||
    disposition === 'redirect' ||
    disposition === 'local_reply' ||
    disposition === 'closed'
  );
}

function outcomePaint({ disposition }: TracePath, paint: Palette): Paint {
  if (disposition === 'insufficient_info') return paint.unsure;
  return isGood(disposition) ? paint.good : paint.bad;
}

function formatPlace({ uri, line, column }: Location): string {
  // Where all stands in one line, the line says nothing.
  return `${fileNameOf(uri)}:${line}${line === 1 && column > LONG_LINE ? `:${column}` : ''}`;
}

const LONG_LINE = 500;

function renderStep(step: TraceStep, paint: Palette): string[] {
  // A route's reason tells its maker already.
  const maker = step.madeBy !== undefined && !step.because.includes('made by') ? ` (${printable(step.madeBy)})` : '';
  const place = `${maker}${step.at ? `  ${formatPlace(step.at)}` : ''}`;
  const lines = [
    `     ${step.stage.padEnd(19)} ${printable(step.decision)}${step.assumed ? ' (assumed)' : ''}${paint.dim(` — ${printable(step.because)}${place}`)}`,
  ];
  for (const { candidate, because, at } of step.rejected)
    lines.push(paint.dim(`       not ${printable(candidate)}: ${printable(because)}${at ? `  ${formatPlace(at)}` : ''}`));
  if (step.rejectedTotal > step.rejected.length) lines.push(paint.dim(`       and ${step.rejectedTotal - step.rejected.length} more`));
  return lines;
}
