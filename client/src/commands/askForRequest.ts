/** Asks for a request to trace: what is typed, or one of those that were traced before. */
import * as vscode from 'vscode';
import { parseRequestLine, type RequestProblem } from './parseRequestLine';

interface RequestPick extends vscode.QuickPickItem {
  readonly line: string;
}

const HISTORY_KEY = 'envoyLens.requests';
const MAX_HISTORY = 20;

/** The line, which reads as a request; undefined where nobody wants one. `memory` keeps the lines of the workspace, the last one first. */
export async function askForRequest(memory: vscode.Memento): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<RequestPick>();
  pick.title = vscode.l10n.t('Trace a request');
  pick.placeholder = `http://reviews:9080/reviews/1 -H 'x-user: jason'`;
  pick.ignoreFocusOut = true;
  const before = historyOf(memory);
  const earlier = before.map((line): RequestPick => ({ line, label: line, iconPath: new vscode.ThemeIcon('history') }));
  const offer = () => {
    // Each at its place at all times: where Enter comes close behind the text, VS Code tells what was chosen by the places in the list before.
    pick.items = [pick.value.trim() === '' ? hint() : typedItem(pick.value.trim()), ...earlier];
    if (pick.value === '') pick.activeItems = pick.items.slice(1, 2);
  };
  offer();
  pick.onDidChangeValue(offer);
  const line = await new Promise<string | undefined>((resolve) => {
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems[0]?.line || pick.value.trim();
      // What is no request stays, with the reason below it.
      if (chosen !== '' && !('problem' in parseRequestLine(chosen))) resolve(chosen);
    });
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  });
  pick.dispose();
  if (line !== undefined) await memory.update(HISTORY_KEY, [line, ...before.filter((each) => each !== line)].slice(0, MAX_HISTORY));
  return line;
}

function historyOf(memory: vscode.Memento): string[] {
  return memory.get<unknown[]>(HISTORY_KEY, []).flatMap((each) => (typeof each === 'string' ? [each] : []));
}

function typedItem(line: string): RequestPick {
  const parsed = parseRequestLine(line);
  const isRequest = !('problem' in parsed);
  return {
    line,
    label: line,
    iconPath: new vscode.ThemeIcon(isRequest ? 'debug-start' : 'warning'),
    detail: isRequest ? vscode.l10n.t('Trace this request') : explain(parsed.problem),
    alwaysShow: true,
  };
}

/** No request yet. */
function hint(): RequestPick {
  return {
    line: '',
    label: vscode.l10n.t('A URL, a curl command line (-X, -H) or a trace request as JSON'),
    detail: vscode.l10n.t('--src and --dst tell from where and whereto; more can be set in the preview.'),
    iconPath: new vscode.ThemeIcon('info'),
    alwaysShow: true,
  };
}

function explain(problem: RequestProblem): string {
  switch (problem) {
    case 'json':
      return vscode.l10n.t('This is no trace request: a JSON object with a "connection" is expected.');
    case 'url':
      return vscode.l10n.t('A URL of http or https is expected, e.g. http://reviews:9080/reviews/1');
    case 'header':
      return vscode.l10n.t("A header is written -H 'name: value'");
    case 'value':
      return vscode.l10n.t('The option at the end lacks its value.');
    case 'option':
      return vscode.l10n.t('This option is not known here: use -X, -H, -k, --dst, --src, --sni, --principal, or set it in the preview.');
  }
}
