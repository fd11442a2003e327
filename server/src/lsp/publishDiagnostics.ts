/** Sends diagnostics for the open documents a little after the last change. */
import { DiagnosticSeverity, DiagnosticTag, type Connection, type Diagnostic } from 'vscode-languageserver';
import { collectDiagnostics, spanOfProblem, type FoundProblem } from '../features/diagnostics/collectDiagnostics';
import type { ProblemSeverity } from '../features/diagnostics/rule';
import { rangeOfNode, rangeOfSpan } from '../features/place';
import { delay } from './hostClock';
import type { Settings } from './settings';
import type { Workspace } from './workspace';

export interface DiagnosticsPublisher {
  /** Something changed: all open documents are looked at again. */
  refresh(): void;
}

const QUIET_MILLISECONDS = 150;

const SEVERITIES: Readonly<Record<ProblemSeverity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** An edit while one waits starts the wait again; a failing rule is logged and sends nothing. */
export function publishDiagnostics(connection: Connection, workspace: Workspace, settings: () => Settings): DiagnosticsPublisher {
  let round = 0;
  const published = new Set<string>();
  const send = (uri: string) => {
    const found = collectDiagnostics(workspace.snapshot(), uri);
    const diagnostics = found.flatMap((problem) => toDiagnostic(problem, settings()));
    if (diagnostics.length > 0) published.add(uri);
    else if (!published.delete(uri)) return;
    void connection.sendDiagnostics({ uri, version: workspace.version(uri), diagnostics });
  };
  const sendAll = async (mine: number) => {
    await delay(QUIET_MILLISECONDS);
    if (mine !== round) return;
    for (const uri of [...published].filter((each) => !workspace.openUris().includes(each))) {
      published.delete(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    }
    for (const uri of workspace.openUris()) {
      if (mine !== round) return;
      try {
        send(uri);
      } catch (error) {
        connection.console.error(
          `diagnostics of ${uri} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      }
      await delay(0);
    }
  };
  return { refresh: () => void sendAll(++round) };
}

/** [] where the user has silenced the rule. */
export function toDiagnostic(problem: FoundProblem, { severities }: Settings): Diagnostic[] {
  const severity = severities.get(problem.code) ?? problem.severity;
  if (severity === 'off') return [];
  return [
    {
      range: rangeOfSpan(problem.at.tree, spanOfProblem(problem)),
      severity: SEVERITIES[severity],
      code: problem.code,
      source: 'Envoy Lens',
      message: problem.message,
      ...(problem.tag && { tags: [problem.tag === 'unnecessary' ? DiagnosticTag.Unnecessary : DiagnosticTag.Deprecated] }),
      ...(problem.related && {
        relatedInformation: problem.related.map(({ message, at }) => ({ message, location: { uri: at.tree.uri, range: rangeOfNode(at) } })),
      }),
    },
  ];
}
