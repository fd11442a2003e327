/** A trace as a Mermaid flowchart, for wikis and incident channels. */
import type { Trace, TraceHop, TracePath } from '../../protocol/trace';
import { describeSending, describeTunnelEnd } from './describeHop';
import { describeOutcome, formatPercent } from './describeOutcome';
import { printable } from '../../protocol/printable';
import { shortProxy } from '../../model/summary/shortProxy';

/** Ends with a line break. Equal boxes of several paths are drawn once; where the ways part, arrows tell the share of the requests. */
export function renderMermaid(trace: Trace): string {
  const boxes = new Map<string, string>();
  const arrows = new Map<string, Arrow>();
  const box = (label: string): string => {
    let id = boxes.get(label);
    if (id === undefined) boxes.set(label, (id = `n${boxes.size}`));
    return id;
  };
  for (const path of trace.paths) {
    let from = box('request');
    for (const label of labelsOfPath(path)) {
      const to = box(label);
      const arrow = arrows.get(`${from} ${to}`) ?? { from, to, share: 0 };
      arrow.share = arrow.share === null || path.probability === null ? null : arrow.share + path.probability;
      arrows.set(`${from} ${to}`, arrow);
      from = to;
    }
  }
  const lines = [...boxes].map(([label, id]) => `  ${id}["${escapeLabel(label)}"]`);
  return `${['flowchart LR', ...lines, ...drawArrows([...arrows.values()])].join('\n')}\n`;
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  /** null: not known. */
  share: number | null;
}

function drawArrows(arrows: readonly Arrow[]): string[] {
  const leaving = new Map<string, number>();
  for (const { from } of arrows) leaving.set(from, (leaving.get(from) ?? 0) + 1);
  return arrows.map(({ from, to, share }) => {
    const text = (leaving.get(from) ?? 0) < 2 ? '' : `|${share === null ? 'share not known' : formatPercent(share)}|`;
    return `  ${from} -->${text} ${to}`;
  });
}

/** The last endpoint stands in the outcome already. */
function labelsOfPath(path: TracePath): string[] {
  const labels = path.hops.flatMap((hop, at) => labelsOf(hop, path.hops[at + 1]));
  const last = path.hops.at(-1)?.endpoint?.address;
  if (path.disposition === 'upstream' && labels.at(-1) === last) labels.pop();
  return [...labels, `= ${describeOutcome(path)}`];
}

function labelsOf(hop: TraceHop, next: TraceHop | undefined): string[] {
  const proxy = shortProxy(hop.proxy);
  const entered = [
    proxy,
    hop.listener === undefined ? hop.service && `service ${hop.service}` : `listener ${hop.listener}`,
    hop.terminatesTunnel && describeTunnelEnd(hop),
  ].filter(Boolean);
  const inside = next?.proxy === hop.proxy && hop.endpoint?.address.startsWith('internal:') === true;
  return [
    entered.join('\n'),
    hop.route && !hop.terminatesTunnel ? `${proxy}\nroute ${hop.route.name || hop.route.index}` : undefined,
    hop.cluster !== undefined && !(hop.cluster === hop.listener && hop.upstream?.tunnel) && !(inside && hop.cluster === next.listener)
      ? `${proxy}\ncluster ${hop.cluster}`
      : undefined,
    hop.endpoint && !inside ? [hop.endpoint.address, describeSending(hop)].filter(Boolean).join('\n') : undefined,
  ].filter((label): label is string => label !== undefined);
}

/** Mermaid reads `#35;` as a character, as HTML reads `&#35;`. */
function escapeLabel(text: string): string {
  return text.split('\n').map(escapeLine).join('<br>');
}

function escapeLine(line: string): string {
  return printable(line)
    .replace(/&/g, '&amp;')
    .replace(/#(?=\w+;)/g, '#35;')
    .replace(/"/g, '&quot;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
