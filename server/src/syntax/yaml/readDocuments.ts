/** The documents of a YAML text as the library reads them; where only the indentation of flow collections or quoted texts is wrong, as if it were right. */
import type { Document } from 'yaml';
import { addProblem, type Tape } from '../tree/tape';
import { flattenFlows } from './flattenFlows';
import { joinQuotedLines } from './joinQuotedLines';
import { readByTokens, YamlTooDeep } from './readByTokens';
import { isMissingQuote, wordsOfYamlError, type YamlError } from './yamlErrors';

/** Readings of one text. */
const MAX_READINGS = 6;

/** None where the text cannot be read: then the tape has a problem that says so. */
export function readDocuments(tape: Tape, text: string): readonly Document.Parsed[] {
  let best = readAsWritten(tape, text);
  let joined = text;
  const flat = errorsOf(best).length > 0 ? flattenFlows(text) : text;
  const flattened = flat === text ? best : readAsWritten(tape, flat);
  if (errorsOf(flattened).length < errorsOf(best).length) {
    best = flattened;
    joined = flat;
  }
  for (let count = 1; count < MAX_READINGS; count++) {
    const open = errorsOf(best).find(isMissingQuote);
    const next = open ? joinQuotedLines(joined, open.pos[0] - 1) : joined;
    const documents = next === joined ? best : readAsWritten(tape, next);
    if (documents === best || errorsOf(documents).length >= errorsOf(best).length) break;
    best = documents;
    joined = next;
  }
  return best;
}

/** The errors that Envoy's reader has, too. */
export function errorsOf(documents: readonly Document.Parsed[]): YamlError[] {
  return documents.flatMap(({ errors }) => errors.filter(isError));
}

/** yaml-cpp takes `\'` in double quotes, and directives without `---` behind them. */
function isError({ message }: YamlError): boolean {
  return !message.startsWith("Invalid escape sequence \\'") && !message.startsWith('Missing directives-end');
}

/** Says each error at its place. */
export function addErrors(tape: Tape, errors: readonly YamlError[]): void {
  for (const error of errors) {
    const { pos, message } = error;
    // yaml-cpp takes the rest of the file for the text.
    const severity = isMissingQuote(error) ? 'warning' : 'error';
    const span = { start: pos[0], end: Math.max(pos[0], pos[1]) };
    addProblem(tape, { span, message: /call stack/.test(message) ? TOO_DEEP : wordsOfYamlError(error), severity });
  }
}

function readAsWritten(tape: Tape, text: string): readonly Document.Parsed[] {
  try {
    return readByTokens(text);
  } catch (error) {
    noteUnreadable(tape, error);
    return [];
  }
}

function noteUnreadable(tape: Tape, error: unknown): void {
  const at = error instanceof YamlTooDeep ? error.at : 0;
  const message = error instanceof YamlTooDeep || error instanceof RangeError ? TOO_DEEP : 'This YAML cannot be read.';
  addProblem(tape, { span: { start: at, end: at }, message, severity: 'error' });
}

const TOO_DEEP = 'This YAML is nested too deeply to be read.';
