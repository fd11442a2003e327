/** Lines of a template (Helm, Jinja) that are no YAML: actions and statements that stand alone. */
import type { Span } from '../text/span';
import type { Text } from '../text/text';

const WORDS = 'if|else|end|range|with|define|template|include|block|tpl|toYaml';
const ACTION = `\\{\\{-?[ \\t]*(?:(?:${WORDS})\\b|[.$(])[^\\n]*\\}\\}`;
const REMARK = '\\{\\{-?[ \\t]*/\\*(?:[^*]|\\*(?!/))*\\*/[ \\t]*-?\\}\\}';
const STATEMENT = '\\{%-?[ \\t]*[a-z][^\\n]*%\\}';
const LINES = new RegExp(`^[ \\t]*(?:${REMARK}|${ACTION}|${STATEMENT})[ \\t]*\\r?$`, 'gm');

/** Templates are written by people. UTF-16 units. */
const MAX_LENGTH = 1_000_000;

/** The text with blanks in place of these lines, as long as before; undefined where there are none. */
export function blankTemplateLines(text: Text): string | undefined {
  if (!mayBeTemplate(text)) return undefined;
  const whole = String(text);
  const blanked = whole.replace(LINES, (line) => line.replace(/[^\r\n]/g, ' '));
  return blanked === whole ? undefined : blanked;
}

/** The first such line. */
export function firstTemplateLine(text: Text): Span | undefined {
  LINES.lastIndex = 0;
  return firstMatch(LINES, text);
}

/** Actions of Go's templates, expressions and statements of Jinja's, wherever they begin. */
const ANYWHERE = /\{\{-?\s*(?:[.$/]?[A-Za-z_(]|\/\*)|\{%-?\s*[a-z]/;

export function firstTemplateAction(text: Text): Span | undefined {
  return firstMatch(ANYWHERE, text);
}

function firstMatch(pattern: RegExp, text: Text): Span | undefined {
  const match = mayBeTemplate(text) ? pattern.exec(String(text)) : null;
  return match ? { start: match.index, end: match.index + match[0].trimEnd().length } : undefined;
}

function mayBeTemplate(text: Text): boolean {
  return text.length <= MAX_LENGTH && (text.indexOf('{{', 0) >= 0 || text.indexOf('{%', 0) >= 0);
}
