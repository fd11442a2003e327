/** A trace as a Mermaid flowchart, for wikis and incident channels. */
import type { Trace, TraceHop } from '../protocol/trace';
import { describeSending, describeTunnelEnd } from './describeHop';
import { describeOutcome, formatPercent, shortProxy } from './renderText';

/** Ends with a line break. Equal boxes of several paths are drawn once. */
export function renderMermaid(trace: Trace): string {
  const lines = ['flowchart LR'];
  const boxes = new Map<string, string>();
  const edges = new Set<string>();
  const box = (label: string): string => {
    let id = boxes.get(label);
    if (id === undefined) {
      id = `n${boxes.size}`;
      boxes.set(label, id);
      lines.push(`  ${id}["${escapeLabel(label)}"]`);
    }
    return id;
  };
  const start = box('request');
  for (const path of trace.paths) {
    let from = start;
    const share = path.probability !== null && path.probability < 1 ? formatPercent(path.probability) : undefined;
    for (const [index, label] of [
      ...path.hops.flatMap((hop, at) => labelsOf(hop, path.hops[at + 1])),
      `= ${describeOutcome(path)}`,
    ].entries()) {
      const to = box(label);
      edges.add(`  ${from} -->${share !== undefined && index === 0 ? `|${share}|` : ''} ${to}`);
      from = to;
    }
  }
  return `${[...lines, ...edges].join('\n')}\n`;
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

function escapeLabel(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\n/g, '<br>');
}
