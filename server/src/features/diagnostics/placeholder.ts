/** Files that something fills in before Envoy reads them: Helm and Jinja write `{{ … }}`, envsubst `${…}`. */
import { firstTemplateAction, firstTemplateLine } from '../../syntax/templateLines';
import type { SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { Span } from '../../text/span';
import type { Problem } from './rule';

/** A value that is nothing but a placeholder: with a blank, a dot or a function after `{{`, other than a doubled variable of a path. */
const PLACEHOLDER = /^["']?(?:\{\{-?\s*(?:[.$/]|\(|[A-Za-z_]\w*[\s.|])[\s\S]*\}\}|\$\{\w+[^{}]*\})["']?$/;
const MAX_LENGTH = 300;

/** The first line of a template that is no YAML, or the first action in a text that cannot be read before it is rendered. */
export function templateActionOf({ problems, text, language }: SyntaxTree): Span | undefined {
  const line = language === 'yaml' ? firstTemplateLine(text) : undefined;
  return line ?? (problems.some(({ severity }) => severity === 'error') ? firstTemplateAction(text) : undefined);
}

/** Of a placeholder, and all over a template, nobody knows what stands there in the end: what is wrong with it is good to know, and no error. */
export function softenUnfilled(problem: Problem, isTemplate: boolean): Problem {
  const { severity, message } = problem;
  if (severity === 'error' && isPlaceholder(problem))
    return asInformation(problem, `${message} A placeholder stands here: what it becomes decides.`);
  if (!isTemplate || (severity !== 'error' && severity !== 'warning')) return problem;
  return asInformation(problem, `${message} This is a template: what is rendered of it decides.`);
}

function asInformation(problem: Problem, message: string): Problem {
  return { ...problem, severity: 'information', message };
}

function isPlaceholder({ at }: Problem): boolean {
  const { start, end } = at.tree.span(at.id);
  return end - start <= MAX_LENGTH && PLACEHOLDER.test(at.tree.text.slice(start, end));
}
