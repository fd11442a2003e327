/** Hover of a command operator: what Envoy puts in its place. */
import { explainOperator } from '../known/operatorWords';
import { findOperatorAt } from '../place/findOperator';
import { code } from '../writing/markdown';

/** The operator around `offset` of a text, explained; undefined where there is none that Envoy knows. */
export function describeOperatorAt(text: string, offset: number): { text: string; start: number; end: number } | undefined {
  const found = findOperatorAt(text, offset);
  const parameters = found?.parameters === undefined ? undefined : withoutEscapes(found.parameters);
  const words = found && explainOperator(found.name, parameters);
  if (!found || words === undefined) return undefined;
  const shown = withoutEscapes(text.slice(found.start, found.end));
  const cut = found.maxLength === undefined ? '' : `\n\nCut after ${found.maxLength} characters.`;
  return { text: `**Command operator** ${code(shown)}\n\n${words}${cut}`, start: found.start, end: found.end };
}

/** Texts come as the file writes them; JSON writes quotes with a backslash. */
function withoutEscapes(text: string): string {
  return text.replace(/\\(["\\/])/g, '$1');
}
