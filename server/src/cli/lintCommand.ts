/** `envoy-lens lint`: diagnostics as text, JSON or SARIF 2.1.0. Exit status 1 when there is an error. */
import type { Location } from '../protocol/trace';
import { VERSION } from '../protocol/version';
import { templateActionOf } from '../features/diagnostics/placeholder';
import { collectDiagnostics, RULES, spanOfProblem, type FoundProblem } from '../features/diagnostics/collectDiagnostics';
import { namedFiles, type NamedFile } from '../features/diagnostics/namedFiles';
import type { ProblemSeverity } from '../features/diagnostics/rule';
import { severityNamed, severityOf, WANTED_SEVERITIES, type WantedSeverities } from '../features/diagnostics/wantedSeverity';
import type { DocumentFacts } from '../index/documentFacts';
import { NO_NODE, type SyntaxProblem, type SyntaxTree } from '../syntax/tree/syntaxTree';
import { locationOf, locationOfSpan } from '../trace/record/locationOf';
import { printable } from '../protocol/printable';
import { folderOf } from '../text/uriParts';
import { done, failed, unknownName, UsageError, type Command } from './commandLine';
import { parseArguments } from './parseArguments';
import { readWhatever } from './readConfiguration';
import type { Snapshot } from '../index/snapshot';

export interface PrintedProblem extends Location {
  severity: ProblemSeverity;
  code: string;
  message: string;
  related: { message: string; at: Location }[];
}

export const lintCommand: Command = async (args, host) => {
  const parsed = parseArguments(args, { '--format': 'value', '--severity': 'values' });
  const format = parsed.choice('--format', ['text', 'json', 'sarif']) ?? 'text';
  if (parsed.files.length === 0) throw new UsageError('lint needs at least one file');
  const severities = readSeverities(parsed.values('--severity'));
  const { snapshot, warning } = await readWhatever(host, parsed.files);
  const problems = withSeverities(lintSnapshot(snapshot, host.exists), severities);
  const output =
    format === 'json'
      ? `${JSON.stringify(problems, null, 2)}\n`
      : format === 'sarif'
        ? `${JSON.stringify(sarifOf(problems), null, 2)}\n`
        : textOf(problems);
  return problems.some(({ severity }) => severity === 'error') ? failed(output, warning) : done(output, warning);
};

/** All problems of all documents, in the order of the files, those of syntax and files that are not there among them. */
export function lintSnapshot(snapshot: Snapshot, exists: (path: string) => boolean = () => true): PrintedProblem[] {
  return [...snapshot.documents].flatMap(([uri, facts]) =>
    [
      ...printAllSyntax(facts),
      ...collectDiagnostics(snapshot, uri).map(printProblem),
      ...namedFiles(facts)
        // Envoy looks from where it runs, which is often the folder of its configuration.
        .filter(({ path }) => !exists(path) && (path.startsWith('/') || !exists(`${folderOf(uri)}${path}`)))
        .map(printMissing),
    ].sort(byPlace),
  );
}

/** No error by itself: Envoy looks for the file where it runs, and a configuration is mostly kept elsewhere. */
function printMissing({ path, at }: NamedFile): PrintedProblem {
  const message = `There is no file "${path}" here: Envoy refuses to start where it is missing.`;
  return { ...locationOf(at), severity: 'information', code: 'missing-file', message, related: [] };
}

/** Of rules, and of what is found without them. */
const CODES: ReadonlySet<string> = new Set([...RULES.map(({ code }) => code), 'syntax', 'missing-file']);

/** `code=severity`, as `envoyLens.diagnostics` sets them in editors. */
function readSeverities(words: readonly string[]): WantedSeverities {
  return new Map(
    words.map((word) => {
      const [code = '', name = ''] = word.split('=');
      const severity = severityNamed(name);
      if (code === '' || severity === undefined) throw new UsageError(`--severity takes CODE=${WANTED_SEVERITIES.join('|')}, not ${word}`);
      if (!CODES.has(code)) throw new UsageError(unknownName(`--severity: there is no diagnostic ${code}`, code, CODES));
      return [code, severity];
    }),
  );
}

function withSeverities(problems: readonly PrintedProblem[], severities: WantedSeverities): PrintedProblem[] {
  return problems.flatMap((problem) => {
    const severity = severityOf(problem, severities);
    return severity === undefined ? [] : [{ ...problem, severity }];
  });
}

const byPlace = (a: Location, b: Location): number => a.line - b.line || a.column - b.column;

/** Of a template (Helm, Jinja) that it is one: what it becomes decides whether it can be read. */
function printAllSyntax({ tree, parts }: DocumentFacts): PrintedProblem[] {
  // Envoy reads the first document of a bootstrap and looks no further.
  const end = parts.some(({ kind }) => kind === 'bootstrap') && tree.language === 'yaml' ? tree.end(tree.roots[0] ?? NO_NODE) : Infinity;
  const problems = tree.problems.map((problem) =>
    problem.severity === 'error' && problem.span.start > end ? { ...problem, severity: 'warning' as const } : problem,
  );
  const action = templateActionOf(tree);
  if (!action) return problems.map((problem) => printSyntax(tree, problem));
  return [printSyntax(tree, { span: action, message: 'This is a template: lint what is rendered of it.', severity: 'information' })];
}

/** What is wrong with the text itself; editors tell that by themselves. */
function printSyntax(tree: SyntaxTree, { span, message, severity }: SyntaxProblem): PrintedProblem {
  return { ...locationOfSpan(tree, tree.roots[0] ?? NO_NODE, span), severity, code: 'syntax', message, related: [] };
}

function printProblem(problem: FoundProblem): PrintedProblem {
  const { severity, code, message, at, related = [] } = problem;
  return {
    ...locationOfSpan(at.tree, at.id, spanOfProblem(problem)),
    severity,
    code,
    message,
    related: related.map((each) => ({ message: each.message, at: locationOf(each.at) })),
  };
}

function textOf(problems: readonly PrintedProblem[]): string {
  const lines = problems.map(({ uri, line, column, severity, code, message }) =>
    printable(`${uri}:${line}:${column}: ${severity}: ${message.replace(/\s+/g, ' ')} [${code}]`),
  );
  const count = (severity: ProblemSeverity) => problems.filter((problem) => problem.severity === severity).length;
  return `${[...lines, `${count('error')} errors, ${count('warning')} warnings, ${problems.length - count('error') - count('warning')} others`].join('\n')}\n`;
}

const SARIF_LEVELS: Readonly<Record<ProblemSeverity, string>> = { error: 'error', warning: 'warning', information: 'note', hint: 'note' };

/** SARIF 2.1.0, for code scanning. */
function sarifOf(problems: readonly PrintedProblem[]): object {
  const rules = [...new Set(problems.map(({ code }) => code))].map((id) => ({ id }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'envoy-lens', version: VERSION, rules } },
        // As everywhere here; by characters it would differ behind an emoji.
        columnKind: 'utf16CodeUnits',
        results: problems.map((problem) => ({
          ruleId: problem.code,
          level: SARIF_LEVELS[problem.severity],
          message: { text: problem.message },
          locations: [sarifLocation(problem)],
          relatedLocations: problem.related.map(({ message, at }) => ({ ...sarifLocation(at), message: { text: message } })),
        })),
      },
    ],
  };
}

function sarifLocation({ uri, line, column, endLine, endColumn }: Location): object {
  // A URI reference (SARIF 2.1.0, 3.4.3), where a file name may have anything in it.
  const reference = uri.split('/').map(encodeURIComponent).join('/');
  return {
    physicalLocation: { artifactLocation: { uri: reference }, region: { startLine: line, startColumn: column, endLine, endColumn } },
  };
}
