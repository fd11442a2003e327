/** Completion of command operators (`%REQ(:path)%`) in the texts that Envoy fills in. */
import { CompletionItemKind, InsertTextFormat, MarkupKind, type CompletionItem } from 'vscode-languageserver-types';
import type { DocumentFacts } from '../../index/documentFacts';
import { nodeAt } from '../../syntax/tree/nodeAt';
import { NodeKind } from '../../syntax/tree/syntaxTree';
import { commandNames, commandSyntax } from '../diagnostics/commandOperators';
import { explainOperator } from '../known/operatorWords';
import { rangeOfSpan } from '../place/place';

const MAX_LENGTH = 20_000;

/** [] where no operator begins: behind a percent sign that opens one. */
export function completeOperators({ tree }: DocumentFacts, offset: number, snippets: boolean): CompletionItem[] {
  const found = nodeAt(tree, offset);
  if (found?.part !== 'value' || tree.kind(found.node) !== NodeKind.string) return [];
  const span = tree.span(found.node);
  if (offset < span.start || offset > span.end || span.end - span.start > MAX_LENGTH) return [];
  const before = tree.text.slice(span.start, offset);
  const word = /%[A-Z0-9_]*$/.exec(before)?.[0];
  if (word === undefined || !opens(before.slice(0, before.length - word.length))) return [];
  const after = /^([A-Z0-9_]*)([(%:]?)/.exec(tree.text.slice(offset, span.end));
  const end = offset + (after?.[1]?.length ?? 0);
  const isClosed = (after?.[2] ?? '') !== '';
  const range = rangeOfSpan(tree, { start: offset - word.length + 1, end });
  return offers().map(({ name, words, takesParameters }) => ({
    label: name,
    kind: CompletionItemKind.Variable,
    filterText: name,
    documentation: { kind: MarkupKind.Markdown, value: words },
    ...(takesParameters && { detail: `%${name}(…)%` }),
    ...(snippets && takesParameters && !isClosed
      ? { textEdit: { range, newText: `${name}($1)%$0` }, insertTextFormat: InsertTextFormat.Snippet }
      : { textEdit: { range, newText: isClosed ? name : takesParameters ? `${name}(` : `${name}%` } }),
  }));
}

interface Offer {
  readonly name: string;
  /** In words, with `…` for what parameters tell. */
  readonly words: string;
  readonly takesParameters: boolean;
}

/** All that Envoy has, and no others: lint would refuse them. */
function offers(): Offer[] {
  return commandNames().map((name) => {
    const takesParameters = commandSyntax(name)?.parameters === 'required';
    return { name, takesParameters, words: explainOperator(name, takesParameters ? '…' : undefined) ?? '' };
  });
}

/** A percent sign opens an operator where none is open, and not behind a number. */
function opens(before: string): boolean {
  return (before.match(/%/g)?.length ?? 0) % 2 === 0 && !/\d$/.test(before);
}
