/** Sends diagnostics for the open documents a little after the last change. */
import {
  DiagnosticSeverity,
  DiagnosticTag,
  DocumentDiagnosticReportKind,
  ResponseError,
  type ClientCapabilities,
  type Connection,
  type Diagnostic,
  type DocumentDiagnosticReport,
} from 'vscode-languageserver';
import { spanOfProblem, type FoundProblem } from '../../features/diagnostics/collectDiagnostics';
import type { ProblemSeverity } from '../../features/diagnostics/rule';
import { severityOf } from '../../features/diagnostics/wantedSeverity';
import { rangeOfNode, rangeOfSpan } from '../../features/place/place';
import { pullsDiagnostics } from '../capabilities';
import { makeDiagnosticReports } from './diagnosticReports';
import type { FindProblems } from './findProblems';
import type { Guard } from '../requests/guard';
import { delay } from '../turns/hostClock';
import type { PositionCodec } from '../documents/positionEncoding';
import type { Settings } from '../settings';
import type { Settle } from '../documents/settleWorkspace';
import type { Workspace } from '../documents/workspace';

export interface DiagnosticsPublisher {
  /** Something changed: all open documents are looked at again. An `edit` alone is followed by clients that pull of their own accord. */
  refresh(cause: 'edit' | 'other'): void;
}

export interface Publishing {
  readonly connection: Connection;
  readonly workspace: Workspace;
  settings(): Settings;
  positions(): PositionCodec;
  /** What the client can; undefined before the session. */
  client(): ClientCapabilities | undefined;
  readonly settle: Settle;
  readonly findProblems: FindProblems;
}

const QUIET_MILLISECONDS = 150;

const SEVERITIES: Readonly<Record<ProblemSeverity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** An edit while one waits starts the wait again; a failing rule is logged and sends nothing. */
export function publishDiagnostics(publishing: Publishing): DiagnosticsPublisher {
  const { connection, workspace, positions, client, settle } = publishing;
  let round = 0;
  const published = new Set<string>();
  const send = async (uri: string, mine: number) => {
    const diagnostics = await diagnosticsOf(publishing, uri, () => mine === round);
    if (!diagnostics) return;
    if (diagnostics.length > 0) published.add(uri);
    else if (!published.delete(uri)) return;
    void connection.sendDiagnostics({ uri, version: workspace.version(uri), diagnostics: positions().write(diagnostics, uri) });
  };
  const sendAll = async (mine: number) => {
    await delay(QUIET_MILLISECONDS);
    if (mine !== round) return;
    await settle();
    if (mine !== round) return;
    for (const uri of [...published].filter((each) => !workspace.openUris().includes(each))) {
      published.delete(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    }
    for (const uri of workspace.openUris()) {
      if (mine !== round) return;
      try {
        await send(uri, mine);
      } catch (error) {
        connection.console.error(
          `diagnostics of ${uri} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      }
      await delay(0);
    }
  };
  const askToPull = async (mine: number) => {
    await delay(QUIET_MILLISECONDS);
    if (mine === round) await connection.languages.diagnostics.refresh().catch(() => undefined);
  };
  return {
    refresh(cause) {
      const capabilities = client();
      if (!capabilities) return;
      if (!pullsDiagnostics(capabilities)) void sendAll(++round);
      else if (cause !== 'edit' && capabilities.workspace?.diagnostics?.refreshSupport) void askToPull(++round);
    },
  };
}

/** A document's diagnostics for a client that asks for them. */
export function answerDiagnostics(publishing: Publishing, guard: Guard): void {
  const { connection, positions } = publishing;
  const reports = makeDiagnosticReports();
  connection.languages.diagnostics.on(({ textDocument: { uri }, previousResultId }, token) =>
    guard
      .run<DocumentDiagnosticReport>('diagnostics', token, {
        about: 'document',
        fallback: { kind: DocumentDiagnosticReportKind.Full, items: [] },
        answer: async () => {
          const items = await diagnosticsOf(publishing, uri, () => !token.isCancellationRequested);
          return reports.report(uri, positions().write(items ?? [], uri), previousResultId);
        },
      })
      .then((answer) => {
        if (answer instanceof ResponseError) throw answer;
        return answer;
      }),
  );
}

/** Undefined where they are not wanted any more. */
async function diagnosticsOf(
  { findProblems, settings }: Publishing,
  uri: string,
  isWanted: () => boolean,
): Promise<Diagnostic[] | undefined> {
  const found = await findProblems(uri, isWanted);
  return found?.flatMap((problem) => toDiagnostic(problem, settings()));
}

/** [] where the user has silenced the rule. */
function toDiagnostic(problem: FoundProblem, { severities, diagnosticPages }: Settings): Diagnostic[] {
  const severity = severityOf(problem, severities);
  if (severity === undefined) return [];
  return [
    {
      range: rangeOfSpan(problem.at.tree, spanOfProblem(problem)),
      severity: SEVERITIES[severity],
      code: problem.code,
      ...(diagnosticPages !== undefined && { codeDescription: { href: `${diagnosticPages}/${problem.code}.md` } }),
      source: 'Envoy Lens',
      message: problem.message,
      ...(problem.tag && { tags: [problem.tag === 'unnecessary' ? DiagnosticTag.Unnecessary : DiagnosticTag.Deprecated] }),
      ...(problem.related && {
        relatedInformation: problem.related.map(({ message, at }) => ({ message, location: { uri: at.tree.uri, range: rangeOfNode(at) } })),
      }),
    },
  ];
}
