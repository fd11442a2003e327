/** Hover of an Istio resource on its name: what became of it in the dumps of the workspace. */
import type { Snapshot } from '../../index/buildSnapshot';
import type { ConfigNode } from '../../schema/configNode';
import { code, count, escapeMarkdown } from '../markdown';
import { placesMadeBy } from '../references';

const MAX_ROWS = 10;

export function describeIstioResource(snapshot: Snapshot, resource: ConfigNode): string {
  const metadata = resource.get('metadata');
  const title = `**${escapeMarkdown(resource.string('kind') || 'Resource')}** ${code(`${metadata?.string('namespace') || 'default'}/${metadata?.string('name') ?? ''}`)}`;
  const places = placesMadeBy(snapshot, resource);
  if (places.length === 0) return `${title}\n\nNothing in the open dumps names it.`;
  const made = new Map<string, number>();
  for (const { resource: each } of places) {
    const row = `${each.kind.replace(/_/g, ' ')} ${code(each.name || '(no name)')} in ${code(fileOf(each.node.tree.uri))}`;
    made.set(row, (made.get(row) ?? 0) + 1);
  }
  const rows = [...made].slice(0, MAX_ROWS).map(([row, times]) => `- ${row}${times > 1 ? `: ${count(times, 'place')}` : ''}`);
  const rest = made.size > MAX_ROWS ? `\n- … and ${made.size - MAX_ROWS} more` : '';
  return `${title}\n\nNamed in ${count(places.length, 'place')} of the dumps:\n\n${rows.join('\n')}${rest}`;
}

function fileOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}
