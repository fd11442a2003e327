/** Markdown from names that nobody vouches for: a dump is hostile input, also to the hover. */

/** A code span; backticks inside are fenced off, line breaks become spaces. */
export function code(text: string): string {
  const clean = text.replace(/\s+/g, ' ').slice(0, 300);
  if (clean.trim() === '') return '*(empty)*';
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = clean.startsWith('`') || clean.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${clean}${pad}${fence}`;
}

/** The same inside a table's cell, where a bar would end the cell even within code. */
export function cell(text: string): string {
  return code(text).replace(/\|/g, '\\|');
}

/** A link to a line of a document, counted from 1; `text` is Markdown already. */
export function linkToLine(text: string, uri: string, line: number): string {
  return `[${text}](${uri
    .replace(/[<>\s]/g, encodeURIComponent)
    .replace(/\(/g, '%28')
    .replace(/\)/g, '%29')}#L${line})`;
}

/** Plain words: nothing in them is Markdown or HTML. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&]/g, '\\$&').replace(/\s+/g, ' ');
}

/** A table with a head; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The first `most` of them and how many there are besides: `a, b and 3 more`. Items are taken as they are: in a hover Markdown already. */
export function firstOf(items: readonly string[], most: number): string {
  return `${items.slice(0, most).join(', ')}${items.length > most ? ` and ${items.length - most} more` : ''}`;
}

/** A row with a bullet for each item; of a list that is longer than `most` the others are not looked at, and their number is told. Rows are Markdown already. */
export function bulletList<Item>(items: readonly Item[], most: number, rowOf: (item: Item) => string): string {
  const rest = items.length > most ? [`… and ${items.length - most} more`] : [];
  return [...items.slice(0, most).map(rowOf), ...rest].map((row) => `- ${row}`).join('\n');
}

/** A paragraph below a table or a list of `most` of `all` rows that says how many it leaves out; '' where it leaves out none. */
export function restOf(all: number, most: number): string {
  return all > most ? `\n\n… and ${all - most} more` : '';
}

/** `1 endpoint`, `2 endpoints` */
export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : pluralOf(noun)}`;
}

function pluralOf(noun: string): string {
  if (noun.endsWith('s') || noun.endsWith('ch')) return `${noun}es`;
  return noun.endsWith('xy') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
