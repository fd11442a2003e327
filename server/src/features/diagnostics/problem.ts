/** Ways to say where a problem is: at a value, at the key of a field, or at the beginning of a message. */
import type { ConfigNode } from '../../schema/configNode';
import { NO_NODE } from '../../syntax/tree/syntaxTree';
import type { Span } from '../../text/span';
import type { Problem } from './rule';

type Extra = Partial<Pick<Problem, 'span' | 'tag' | 'related' | 'fix'>>;

/** What Envoy refuses. */
export function errorAt(at: ConfigNode, message: string, extra: Extra = {}): Problem {
  return { severity: 'error', at, message, ...markOf(at), ...extra };
}

/** What Envoy takes, and what hardly anybody means. */
export function warningAt(at: ConfigNode, message: string, extra: Extra = {}): Problem {
  return { severity: 'warning', at, message, ...markOf(at), ...extra };
}

/** What is good to know, and nothing to mend. */
export function informationAt(at: ConfigNode, message: string): Problem {
  return { severity: 'information', at, message, ...markOf(at) };
}

/** The key of a field; undefined for items of lists. */
export function keySpanOf({ tree, id }: ConfigNode): Span | undefined {
  return tree.keySpan(id);
}

/** Long values are marked by their key, else by their first key: an underlined page says nothing. */
function markOf(at: ConfigNode): { span?: Span } {
  const { tree, id } = at;
  if (!tree.isContainer(id)) return {};
  const first = tree.firstChild(id);
  const span = tree.keySpan(id) ?? (first === NO_NODE ? undefined : tree.keySpan(first));
  return span ? { span } : {};
}
