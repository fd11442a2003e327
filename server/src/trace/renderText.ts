/** A trace as text for a terminal or an incident channel: one line a hop, the outcome last, the reasons on request. */
import { printable } from '../text/printable';
import type { Location, Trace, TraceHop, TracePath, TraceRequest, TraceStep } from '../protocol/trace';

export interface TextOptions {
  /** Steps, reasons and rejected candidates under each hop. */
  readonly why?: boolean;
  readonly colours?: boolean;
}

type Paint = (text: string) => string;
interface Palette {
  readonly dim: Paint;
  readonly bold: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly unsure: Paint;
}

const ANSI: Palette = { dim: ansi(2), bold: ansi(1), good: ansi(32), bad: ansi(31), unsure: ansi(33) };
const PLAIN: Palette = { dim: same, bold: same, good: same, bad: same, unsure: same };

/** Ends with a line break. */
export function renderText(trace: Trace, { why = false, colours = false }: TextOptions = {}): string {
  const paint = colours ? ANSI : PLAIN;
  const lines = [paint.bold(describeRequest(trace.request))];
  trace.paths.forEach((path, index) => {
    lines.push(...renderPath(path, { title: pathTitle(path, index, trace.paths.length), why, paint }));
  });
  for (const note of trace.notes) lines.push(paint.dim(`note: ${printable(note)}`));
  return `${lines.join('\n')}\n`;
}

/** `GET http://reviews:9080/ from 10.4.0.5 to 10.96.0.3:9080`, as far as it is given; a tunnel with what it carries. */
export function describeRequest(request: TraceRequest): string {
  const { connection } = request;
  const parts = [describeContent(request, connection.transport === 'tls' || connection.sni !== undefined)];
  for (let inner = request.inner; inner; inner = inner.inner)
    parts.push(`carrying ${describeContent(inner, inner.connection?.transport === 'tls')}`);
  if (connection.source) parts.push(`from ${connection.source}`);
  if (connection.destination) parts.push(`to ${connection.destination}`);
  if (connection.sni) parts.push(`SNI ${connection.sni}`);
  if (connection.peerPrincipals?.length) parts.push(`as ${connection.peerPrincipals.join(', ')}`);
  if (request.start?.at) parts.push(`starting at ${request.start.at.uri}#${request.start.at.pointer}`);
  return printable(parts.join(' '));
}

function describeContent({ http }: Pick<TraceRequest, 'http'>, isTls: boolean): string {
  if (!http) return isTls ? 'TLS connection' : 'TCP connection';
  return http.method === 'CONNECT' ? `CONNECT ${http.authority}` : `${http.method} ${http.scheme}://${http.authority}${http.path}`;
}

/** The outcome in one line. Example: `403 RBAC: access denied (rbac_access_denied_matched_policy[none])` */
export function describeOutcome(path: TracePath): string {
  const last = path.hops.at(-1);
  const { response } = path;
  const words: string[] = [path.disposition];
  if (path.disposition === 'upstream' && last?.endpoint) words.push(last.endpoint.address);
  if (response?.code !== undefined) words.push(String(response.code));
  if (response?.location) words.push(`→ ${response.location}`);
  if (response?.flags?.length) words.push(response.flags.join(','));
  if (response?.details) words.push(`(${response.details})`);
  if (last?.endpoint?.unseen) words.push(`(${last.endpoint.unseen})`);
  return printable(words.join(' '));
}

function pathTitle(path: TracePath, index: number, count: number): string | undefined {
  if (count <= 1) return undefined;
  const share = path.probability === null ? 'share not known' : formatPercent(path.probability);
  const choices = path.branches.map(({ kind, value }) => `${kind} ${value}`).join(', ');
  return printable(`path ${index + 1} of ${count}: ${share}${choices ? ` (${choices})` : ''}`);
}

export function formatPercent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

interface PathOptions {
  readonly title: string | undefined;
  readonly why: boolean;
  readonly paint: Palette;
}

function renderPath(path: TracePath, { title, why, paint }: PathOptions): string[] {
  const lines: string[] = title === undefined ? [] : ['', paint.bold(title)];
  const rows = path.hops.map((hop, index) => [String(index + 1), shortProxy(hop.proxy), describeHop(hop), placeOf(hop)]);
  const widths = [0, 1, 2].map((column) => Math.min(110, Math.max(0, ...rows.map((row) => (row[column] ?? '').length))));
  rows.forEach((row, index) => {
    const [number = '', proxy = '', way = '', place = ''] = row;
    lines.push(
      `${number.padStart(widths[0] ?? 0)}  ${proxy.padEnd(widths[1] ?? 0)}  ${way.padEnd(widths[2] ?? 0)}  ${paint.dim(place)}`.trimEnd(),
    );
    if (why) lines.push(...(path.hops[index]?.steps ?? []).flatMap((step) => renderStep(step, paint)));
  });
  const colour = outcomePaint(path, paint);
  lines.push(colour(`=  ${describeOutcome(path)}`));
  if (path.response?.body) lines.push(paint.dim(`   body: ${printable(path.response.body)}`));
  for (const missing of path.missing ?? []) lines.push(paint.unsure(`   missing: ${printable(missing)}`));
  return lines;
}

function outcomePaint({ disposition }: TracePath, paint: Palette): Paint {
  if (disposition === 'insufficient_info') return paint.unsure;
  const good =
    disposition === 'upstream' ||
    disposition === 'direct_response' ||
    disposition === 'redirect' ||
    disposition === 'local_reply' ||
    disposition === 'closed';
  return good ? paint.good : paint.bad;
}

function describeHop(hop: TraceHop): string {
  const listener = hop.acceptedBy && hop.acceptedBy !== hop.listener ? `${hop.acceptedBy} ⇒ ${hop.listener ?? '?'}` : hop.listener;
  const way = [
    listener,
    hop.filterChain && `chain ${hop.filterChain.name || (hop.filterChain.index === null ? '(default)' : `#${hop.filterChain.index}`)}`,
    hop.terminatesTunnel ? 'CONNECT ends' : undefined,
    hop.virtualHost !== undefined ? `host ${hop.virtualHost}` : undefined,
    hop.route && `route ${hop.route.name || `#${hop.route.index}`}`,
    hop.cluster !== undefined ? `cluster ${hop.cluster}${hop.member ? ` [${hop.member}]` : ''}` : undefined,
    hop.endpoint?.address,
    hop.upstream?.tunnel && `${hop.upstream.tunnel.method} ${hop.upstream.tunnel.authority}`,
  ];
  return printable(way.filter((part) => part !== undefined && part !== '').join(' › ')) || '(nothing decided)';
}

/** `file:line` of the place that decided last. */
function placeOf(hop: TraceHop): string {
  const last = hop.steps.findLast((step) => step.at)?.at;
  return last ? formatPlace(last) : '';
}

export function formatPlace({ uri, line }: Location): string {
  return `${uri.slice(uri.lastIndexOf('/') + 1)}:${line}`;
}

/** `sidecar~10.4.0.5~productpage-v1.default~…` → `productpage-v1.default (sidecar)` */
export function shortProxy(id: string): string {
  const parts = id.split('~');
  return printable(parts.length === 4 ? `${parts[2]} (${parts[0]})` : id.replace(/[/\\]$/, '').replace(/^.*[/\\]/, ''));
}

function renderStep(step: TraceStep, paint: Palette): string[] {
  const place = step.at ? `  ${formatPlace(step.at)}` : '';
  const lines = [
    `     ${step.stage.padEnd(19)} ${printable(step.decision)}${step.assumed ? ' (assumed)' : ''}${paint.dim(` — ${printable(step.because)}${place}`)}`,
  ];
  for (const { candidate, because, at } of step.rejected)
    lines.push(paint.dim(`       not ${printable(candidate)}: ${printable(because)}${at ? `  ${formatPlace(at)}` : ''}`));
  if (step.rejectedTotal > step.rejected.length) lines.push(paint.dim(`       and ${step.rejectedTotal - step.rejected.length} more`));
  return lines;
}

function ansi(code: number): Paint {
  return (text) => `\u001b[${code}m${text}\u001b[0m`;
}

function same(text: string): string {
  return text;
}
