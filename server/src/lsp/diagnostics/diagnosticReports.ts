/** Diagnostics that a client pulls again and again: where nothing has changed, a word says so. */
import { DocumentDiagnosticReportKind, type Diagnostic, type DocumentDiagnosticReport } from 'vscode-languageserver';

/** Documents whose last report is kept; an editor shows fewer at a time. */
const MAX_DOCUMENTS = 32;

export interface DiagnosticReports {
  /** In the client's positions. `previous`: the id of the report that the client has, if it has one. */
  report(uri: string, items: Diagnostic[], previous: string | undefined): DocumentDiagnosticReport;
}

export function makeDiagnosticReports(): DiagnosticReports {
  const last = new Map<string, { readonly resultId: string; readonly content: string }>();
  let count = 0;
  return {
    report(uri, items, previous) {
      const content = JSON.stringify(items);
      const before = last.get(uri);
      if (before?.content === content && before.resultId === previous)
        return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: previous };
      const resultId = String(++count);
      last.delete(uri);
      last.set(uri, { resultId, content });
      const [oldest] = last.keys();
      if (last.size > MAX_DOCUMENTS && oldest !== undefined) last.delete(oldest);
      return { kind: DocumentDiagnosticReportKind.Full, resultId, items };
    },
  };
}
