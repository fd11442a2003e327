/** Dumps that stand in the test as objects, and the links of them. */
import { collectLinks } from '../../../server/src/cli/linksCommand';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';

/** `from → targets (status)` of all links whose name or pointer has the word. */
export function linksOf(config: unknown, word: string): string[] {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  return collectLinks(buildSnapshot([{ uri: 'file:///dump.json', text }]))
    .filter(({ name, from }) => name.includes(word) || from.pointer.includes(word))
    .map(({ from, to, status }) => `${from.pointer} → ${to.map(({ pointer }) => pointer).join(', ') || status}`);
}

/** The URL of a message. */
export const type = (name: string): string => `type.googleapis.com/${name}`;

/** A config dump of sections by their names: `Listeners`, `Clusters` … */
export function dump(sections: Record<string, object>): object {
  return {
    configs: Object.entries(sections).map(([name, section]) => ({ '@type': type(`envoy.admin.v3.${name}ConfigDump`), ...section })),
  };
}
