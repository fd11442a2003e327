// What the extension answers to VS Code itself: the same suite in Node and in a browser worker.
/* global describe, it, before */
const vscode = require('vscode');

const equal = (found, wanted, what) => {
  if (found !== wanted) throw new Error(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
};
const check = (condition, what) => {
  if (!condition) throw new Error(what);
};

/** Asks until there is an answer: the server may still be reading. */
async function ask(probe, timeout = 40000) {
  for (const end = Date.now() + timeout; ;) {
    const answer = await probe();
    if (answer?.length) return answer;
    if (Date.now() > end) return answer ?? [];
    await new Promise((done) => setTimeout(done, 100));
  }
}

describe('Envoy Lens', () => {
  const cluster = 'inbound-vip|9080|http|productpage.bookinfo.svc.cluster.local';
  let document;

  const positionOf = (needle, from = 0) => {
    const at = document.getText().indexOf(needle, from);
    check(at >= 0, `the sample holds no ${needle}`);
    return document.positionAt(at + needle.length - 3);
  };
  const lineText = ({ range, targetRange }) => document.lineAt((range ?? targetRange).start.line).text;
  const textOf = ({ range, targetRange }) => document.getText(targetRange ?? range);

  before(async () => {
    await vscode.extensions.getExtension('envoy-lens.envoy-lens').activate();
    const [file] = await vscode.workspace.findFiles('waypoint.json');
    check(file, 'the sample is not in the workspace');
    document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
  });

  it('defines a cluster by itself and its endpoints', async () => {
    const at = positionOf(`"cluster": "${cluster}"`);
    const found = await ask(() => vscode.commands.executeCommand('vscode.executeDefinitionProvider', document.uri, at));
    equal(found.length, 2, `definitions of a cluster (${found.map(lineText)})`);
    check(
      found.every((place) => (place.uri ?? place.targetUri).toString() === document.uri.toString()),
      'both stand in the same dump',
    );
  });

  it('implements a cluster by its endpoints', async () => {
    const at = positionOf(`"cluster": "${cluster}"`);
    const found = await ask(() => vscode.commands.executeCommand('vscode.executeImplementationProvider', document.uri, at));
    equal(found.length, 1, 'implementations of a cluster');
    check(
      /cluster_name|ClusterLoadAssignment|\{/.test(textOf(found[0])) || /cluster_name/.test(lineText(found[0])),
      `endpoints: ${lineText(found[0])}`,
    );
  });

  it('leads server_listener_name to the internal listener', async () => {
    const at = positionOf('"server_listener_name": "main_internal"');
    const found = await ask(() => vscode.commands.executeCommand('vscode.executeDefinitionProvider', document.uri, at));
    equal(found.length, 1, 'definitions of an internal listener');
    const line = (found[0].range ?? found[0].targetRange).start.line;
    check(line > positionOf('ListenersConfigDump').line, `it stands among the listeners, not in line ${line + 1}`);
  });

  it('explains a matcher action on hover', async () => {
    const matcher = document.getText().indexOf('"filter_chain_matcher"');
    const at = positionOf(`"value": "${cluster}"`, matcher);
    const hovers = await ask(() => vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, at));
    const text = hovers.flatMap(({ contents }) => contents.map((content) => content.value ?? content)).join('\n');
    check(/10\.96\.40\.10/.test(text) && /9080/.test(text), `the conditions stand in it: ${text}`);
    check(!/undefined|\[object/.test(text), text);
  });

  it('offers Trace from here, which opens the preview', async () => {
    const lenses = await ask(() => vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri, 1000));
    const lens = lenses.find(({ command }) => command?.command === 'envoyLens.traceFromHere');
    check(lens, `no such lens among ${lenses.map(({ command }) => command?.title)}`);
    await vscode.commands.executeCommand(lens.command.command, ...lens.command.arguments);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    check(
      tabs.some(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('envoyLens.trace')),
      `tabs: ${tabs.map(({ label }) => label)}`,
    );
  });
});
