// Every feature through VS Code's own commands, on hand-written YAML, over several files, with files that are not open, opened, closed, written and deleted.
/* global describe, it, before, TextEncoder */
const vscode = require('vscode');

const VIRTUAL_SERVICE = [
  'apiVersion: networking.istio.io/v1',
  'kind: VirtualService',
  'metadata:',
  '  name: reviews',
  '  namespace: shop',
  'spec:',
  '  hosts: [reviews]',
  '',
].join('\n');

const check = (condition, what) => {
  if (!condition) throw new Error(what);
};

/** Asks until the answer will do: the server may still be reading. */
async function until(what, probe, isEnough = (answer) => Boolean(answer?.length), timeout = 30000) {
  let answer;
  for (const end = Date.now() + timeout; Date.now() < end;) {
    answer = await probe();
    if (isEnough(answer)) return answer;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`no ${what}; the last answer: ${JSON.stringify(answer)?.slice(0, 500)}`);
}

const run = (command, ...args) => vscode.commands.executeCommand(command, ...args);
const uriOf = ({ uri, targetUri }) => (uri ?? targetUri).toString();
const rangeOf = ({ range, targetSelectionRange, targetRange }) => targetSelectionRange ?? range ?? targetRange;

describe('features in a workspace of several files', () => {
  const documents = {};
  const open = async (name) => {
    const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, name);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    return (documents[name] = document);
  };
  /** A little inside the nth occurrence of a text. */
  const placeOf = (document, needle, nth = 1) => {
    let at = -1;
    for (let count = 0; count < nth; count++) at = document.getText().indexOf(needle, at + 1);
    check(at >= 0, `${needle} is not in ${document.uri}`);
    return document.positionAt(at + needle.length - 1);
  };
  const definitions = (document, position) => run('vscode.executeDefinitionProvider', document.uri, position);

  before(async () => {
    await vscode.extensions.getExtension('envoy-lens.envoy-lens').activate();
    documents.hand = await open('hand/envoy.yaml');
    await until('symbols', () => run('vscode.executeDocumentSymbolProvider', documents.hand.uri));
  });

  it('defines a cluster of a YAML bootstrap', async () => {
    const found = await until('definition', () => definitions(documents.hand, placeOf(documents.hand, 'name: backend')));
    check(
      found.some((each) => documents.hand.getText(rangeOf(each)).includes('backend')),
      JSON.stringify(found),
    );
  });
  it('completes fields and enum values', async () => {
    const at = placeOf(documents.hand, 'lb_polcy');
    const list = await until(
      'completion',
      () => run('vscode.executeCompletionItemProvider', documents.hand.uri, at),
      ({ items }) => items.some(({ label }) => (label.label ?? label) === 'lb_policy'),
    );
    const item = list.items.find(({ label }) => (label.label ?? label) === 'lb_policy');
    check(item.documentation?.value ?? item.documentation, 'a field is explained');
    const value = await run('vscode.executeCompletionItemProvider', documents.hand.uri, placeOf(documents.hand, 'STATIC'));
    check(
      value.items.some(({ label }) => (label.label ?? label) === 'STRICT_DNS'),
      'enum values',
    );
  });
  it('underlines mistakes, and mends the slip', async () => {
    const found = await until(
      'diagnostics',
      async () => vscode.languages.getDiagnostics(documents.hand.uri).map(({ code }) => code?.value ?? code),
      (codes) => codes.includes('dangling-reference') && codes.includes('unknown-field'),
    );
    check(found.length < 5, `${found}`);
    const at = placeOf(documents.hand, 'lb_polcy');
    // VS Code cancels what it asked for whenever any extension registers a provider of code actions, for whatever language: others still start.
    const offers = () => run('vscode.executeCodeActionProvider', documents.hand.uri, new vscode.Range(at, at), 'quickfix');
    const actions = await until(
      'a fix',
      () => offers().then(undefined, (error) => (/Cancel/.test(String(error)) ? [] : Promise.reject(error))),
      (offered) => offered.some(({ edit }) => edit),
    );
    const fix = actions.find(({ edit }) => edit);
    const [[, edits]] = fix.edit.entries();
    check(edits.length === 1 && edits[0].newText === 'lb_policy', JSON.stringify(edits));
  });
  it('renames a cluster with all its uses', async () => {
    const edit = await run('vscode.executeDocumentRenameProvider', documents.hand.uri, placeOf(documents.hand, 'name: backend'), 'store');
    const [[, edits]] = edit.entries();
    check(edits.length === 3 && edits.every(({ newText }) => newText === 'store'), JSON.stringify(edits));
  });
  it('finds who reaches a cluster, and where a listener leads', async () => {
    const prepare = (needle, nth) => run('vscode.prepareCallHierarchy', documents.hand.uri, placeOf(documents.hand, needle, nth));
    const [cluster] = await prepare('name: backend', 2);
    const incoming = await run('vscode.provideIncomingCalls', cluster);
    check(incoming.length === 1 && incoming[0].from.name === 'front', JSON.stringify(incoming));
    const [listener] = await prepare('name: front');
    const outgoing = await run('vscode.provideOutgoingCalls', listener);
    check(outgoing.length === 1 && outgoing[0].to.name === 'backend', JSON.stringify(outgoing));
  });
  it('folds, selects, highlights, hints and colours', async () => {
    const { uri } = documents.hand;
    const at = placeOf(documents.hand, 'name: backend');
    check((await run('vscode.executeFoldingRangeProvider', uri)).length > 3, 'folding');
    const [selection] = await run('vscode.executeSelectionRangeProvider', uri, [at]);
    let depth = 0;
    for (let each = selection; each; each = each.parent) depth++;
    check(depth > 5, `selection ranges: ${depth}`);
    check((await run('vscode.executeDocumentHighlights', uri, at)).length === 3, 'highlights');
    const hints = await run('vscode.executeInlayHintProvider', uri, new vscode.Range(0, 0, 99, 0));
    check(
      hints.some(({ label }) => String(label.value ?? label).includes('127.0.0.1:10001')),
      `hints: ${JSON.stringify(hints)}`,
    );
    check((await run('vscode.provideDocumentSemanticTokens', uri)).data.length >= 5 * 4, 'tokens');
    check(
      (await run('vscode.provideDocumentRangeSemanticTokens', uri, new vscode.Range(0, 0, 3, 0))).data.length === 5,
      'tokens of a range',
    );
  });
  it('links a listener file with the cluster file that is not open', async () => {
    const lds = await open('xds/lds.yaml');
    const found = await until('definition in another file', () => definitions(lds, placeOf(lds, 'cluster: shop_api')));
    check(
      found.every((each) => uriOf(each).endsWith('/cds.yaml')),
      JSON.stringify(found),
    );
    const references = await run('vscode.executeReferenceProvider', lds.uri, placeOf(lds, 'cluster: shop_api'));
    check(new Set(references.map(uriOf)).size === 2, JSON.stringify(references));
    const edit = await run('vscode.executeDocumentRenameProvider', lds.uri, placeOf(lds, 'cluster: shop_api'), 'api');
    check(edit.entries().length === 2, `a rename reaches ${edit.entries().map(([uri]) => uri)}`);
    const links = await run('vscode.executeLinkProvider', (await open('xds/envoy.yaml')).uri);
    check(
      links.some(({ target }) => target?.toString().endsWith('/xds/cds.yaml')),
      JSON.stringify(links),
    );
  });
  it('finds symbols of the whole workspace, with their places', async () => {
    const found = await until('workspace symbols', () => run('vscode.executeWorkspaceSymbolProvider', 'shop_site'));
    check(
      found.some(({ name, location }) => name === 'shop_site' && location.uri.toString().endsWith('/cds.yaml')),
      JSON.stringify(found),
    );
  });
  it('resolves what a text that is opened brings, and takes it back when that is closed', async () => {
    const routes = await open('routes.json');
    const at = placeOf(routes, 'virtual-service/reviews');
    await until(
      'answer',
      () => definitions(routes, at),
      (found) => found?.length === 0,
    );
    const unsaved = await vscode.workspace.openTextDocument({ language: 'yaml', content: VIRTUAL_SERVICE });
    await vscode.window.showTextDocument(unsaved);
    const found = await until('definition in the unsaved text', () => definitions(routes, at));
    check(uriOf(found[0]) === unsaved.uri.toString(), JSON.stringify(found));
    const back = await run('vscode.executeReferenceProvider', unsaved.uri, placeOf(unsaved, 'name: reviews'));
    check(
      back.some((each) => uriOf(each) === routes.uri.toString()),
      'what it became',
    );
    await vscode.window.showTextDocument(unsaved);
    await run('workbench.action.revertAndCloseActiveEditor');
    await until(
      'end of the link',
      () => definitions(routes, at),
      (after) => after?.length === 0,
    );
  });
  it('sees files that are written and deleted', async () => {
    const { 'routes.json': routes } = documents;
    const at = placeOf(routes, 'virtual-service/reviews');
    const file = vscode.Uri.joinPath(routes.uri, '../virtual-service.yaml');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(VIRTUAL_SERVICE));
    const found = await until('definition in the new file', () => definitions(routes, at));
    check(uriOf(found[0]) === file.toString(), JSON.stringify(found));
    await vscode.workspace.fs.delete(file);
    await until(
      'end of the link',
      () => definitions(routes, at),
      (after) => after?.length === 0,
    );
  });
  it('leaves out what files.exclude and packages hide, also when it is written later', async () => {
    const { 'routes.json': routes } = documents;
    const settings = vscode.workspace.getConfiguration('files');
    await settings.update('exclude', { '**/hidden': true }, vscode.ConfigurationTarget.Workspace);
    const written = ['hidden/virtual-service.yaml', 'node_modules/a/virtual-service.yaml', 'seen.yaml'].map((name) =>
      vscode.Uri.joinPath(routes.uri, '..', name),
    );
    const nameIn = (name) => new TextEncoder().encode(VIRTUAL_SERVICE.replace('name: reviews', `name: ${name}`));
    for (const [index, uri] of written.entries()) await vscode.workspace.fs.writeFile(uri, nameIn(`late-${index}`));
    const found = await until(
      'symbol of the file that is seen',
      () => run('vscode.executeWorkspaceSymbolProvider', 'late-'),
      (symbols) => symbols.some(({ name }) => name === 'late-2'),
    );
    check(
      found.every(({ name }) => name !== 'late-0' && name !== 'late-1'),
      JSON.stringify(found.map(({ name }) => name)),
    );
    for (const uri of written) await vscode.workspace.fs.delete(uri);
    await settings.update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
  });
  it('shows what became of a resource of Istio’s, and renames its subset', async () => {
    const content = [
      'apiVersion: networking.istio.io/v1',
      'kind: DestinationRule',
      'metadata: { name: rule, namespace: shop }',
      'spec: { host: reviews, subsets: [{ name: v1 }] }',
      '---',
      'apiVersion: networking.istio.io/v1',
      'kind: VirtualService',
      'metadata: { name: chooser, namespace: shop }',
      'spec: { http: [{ route: [{ destination: { host: reviews, subset: v1 } }] }] }',
      '',
    ].join('\n');
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content });
    await vscode.window.showTextDocument(document);
    const use = placeOf(document, 'subset: v1');
    const targets = await until('definition of the subset', () => definitions(document, use));
    check(document.getText(rangeOf(targets[0])) === 'v1', JSON.stringify(targets));
    const edit = await run('vscode.executeDocumentRenameProvider', document.uri, use, 'stable');
    check(edit.entries()[0]?.[1].length === 2, JSON.stringify(edit.entries()));
    const lenses = await run('vscode.executeCodeLensProvider', document.uri, 10);
    check(
      lenses.some(({ command }) => /reference/.test(command?.title ?? '')),
      JSON.stringify(lenses),
    );
    await run('workbench.action.revertAndCloseActiveEditor');
  });
  it('traces from the editor that has the keyboard, also where another one shows the same file', async () => {
    const document = documents.hand;
    const show = (viewColumn, needle) => {
      const at = placeOf(document, needle);
      return vscode.window.showTextDocument(document, { viewColumn, selection: new vscode.Range(at, at) });
    };
    await show(vscode.ViewColumn.One, 'stat_prefix');
    await show(vscode.ViewColumn.Two, 'type: STATIC');
    await run('envoyLens.traceFromHere');
    const titles = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
    const labels = await until('title of the trace', titles, (all) => all.some((label) => label.startsWith('Trace: ')));
    check(labels.includes('Trace: cluster backend'), JSON.stringify(labels));
    await run('workbench.action.closeEditorsInOtherGroups');
  });
  it('follows an edit at once', async () => {
    const edit = new vscode.WorkspaceEdit();
    const line = documents.hand.positionAt(documents.hand.getText().indexOf('missing')).line;
    const text = documents.hand.lineAt(line).text;
    const start = text.indexOf('missing');
    edit.replace(documents.hand.uri, new vscode.Range(line, start, line, start + 'missing'.length), 'backend');
    await vscode.workspace.applyEdit(edit);
    const found = await until('definition after the edit', () => definitions(documents.hand, new vscode.Position(line, start + 2)));
    check(found.length > 0, 'the name leads somewhere');
    await until(
      'end of the mistake',
      async () => vscode.languages.getDiagnostics(documents.hand.uri).map(({ code }) => code?.value ?? code),
      (codes) => !codes.includes('dangling-reference'),
    );
  });
});
