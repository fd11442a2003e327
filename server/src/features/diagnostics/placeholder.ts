/** Files that something fills in before Envoy reads them: Helm and Jinja write `{{ … }}`, envsubst `${…}`. */
import type { Problem } from './rule';

/** A value that is nothing but a placeholder: with a blank, a dot or a function after `{{`, other than a doubled variable of a path. */
const PLACEHOLDER = /^["']?(?:\{\{-?\s*(?:[.$/]|\(|[A-Za-z_]\w*[\s.|])[\s\S]*\}\}|\$\{\w+[^{}]*\})["']?$/;
const MAX_LENGTH = 300;

/** Of a placeholder nobody knows what stands there in the end: what is wrong with it is good to know, and no error. */
export function softenPlaceholder(problem: Problem): Problem {
  const { at, severity, message } = problem;
  if (severity !== 'error') return problem;
  const { start, end } = at.tree.span(at.id);
  const isShort = end - start <= MAX_LENGTH;
  return isShort && PLACEHOLDER.test(at.tree.text.slice(start, end))
    ? { ...problem, severity: 'information', message: `${message} A placeholder stands here: what it becomes decides.` }
    : problem;
}
