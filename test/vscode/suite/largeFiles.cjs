// Files of more than a megabyte in the real editor: their text does not cross to the server where the disk has the same, and all answers are right.
/* global describe, it, before */
const childProcess = require('node:child_process');
const fs = require('node:fs');
const vscode = require('vscode');

const check = (condition, what) => {
  if (!condition) throw new Error(what);
};

/** What was sent to the server, by document: `envoyLens/didOpenFile` or `textDocument/didOpen`, in order. */
const sent = [];
const fork = childProcess.fork;
childProcess.fork = (module, ...rest) => {
  const child = fork(module, ...rest);
  if (!/dist[/\\]server\.js$/.test(module)) return child;
  const send = child.send;
  child.send = (message, ...more) => {
    if (/didOpen(File)?$/.test(message.method))
      sent.push({ method: message.method, uri: message.params.uri ?? message.params.textDocument.uri });
    return send.call(child, message, ...more);
  };
  return child;
};
const waysOf = ({ uri }) => sent.filter((each) => each.uri === uri.toString()).map(({ method }) => method);

const folder = () => vscode.workspace.workspaceFolders[0].uri;

async function open(name, options) {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), name), options);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Follows a reference in the middle of the document until the text at its end is the name that stands at its beginning. */
async function followReference(document, timeout = 20000) {
  let last;
  for (const end = Date.now() + timeout; Date.now() < end;) {
    const text = document.getText();
    const at = text.indexOf('"cluster": "outbound|', text.length >> 1) + '"cluster": "'.length;
    const name = text.slice(at, text.indexOf('"', at));
    const found = await vscode.commands.executeCommand('vscode.executeDefinitionProvider', document.uri, document.positionAt(at + 3));
    last = found?.map((link) => document.getText(link.targetSelectionRange ?? link.range));
    if (last?.some((each) => each.includes(name))) {
      check(
        last.every((each) => each.includes(name)),
        `the definitions of ${name}: ${last}`,
      );
      return;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(
    `no definition in ${document.uri} (${document.languageId}, opened by ${waysOf(document)}); the last answer: ${JSON.stringify(last)}`,
  );
}

describe('large files', () => {
  before(() => vscode.extensions.getExtension('envoy-lens.envoy-lens').activate());

  for (const name of ['plain.json', 'mixed.json'])
    it(`${name}: the text does not cross, and definitions are right`, async () => {
      const document = await open(name);
      await followReference(document);
      check(waysOf(document).join() === 'envoyLens/didOpenFile', `it was opened by ${waysOf(document)}`);
    });

  it('what another program writes into an open file counts', async () => {
    const document = await open('mixed.json');
    const text = document.getText().replace('{', `{${document.eol === vscode.EndOfLine.CRLF ? '\r\n\r\n' : '\n\n'}`);
    fs.writeFileSync(document.uri.fsPath, text);
    for (const end = Date.now() + 30000; document.getText() !== text;) {
      check(Date.now() < end, 'VS Code reads the file again');
      await new Promise((done) => setTimeout(done, 100));
    }
    await followReference(document);
  });

  it('another encoding: the server asks for the text', async () => {
    const document = await open('latin1.json', { encoding: 'iso88591' });
    check(document.getText().includes('é'), 'VS Code reads the encoding that it is told');
    await followReference(document);
    check(waysOf(document).join() === 'envoyLens/didOpenFile,textDocument/didOpen', `it was opened by ${waysOf(document)}`);
  });

  it('edits count from then on', async () => {
    const document = await open('plain.json');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 0), '\n');
    check(await vscode.workspace.applyEdit(edit), 'VS Code takes the edit');
    await followReference(document);
    check(document.isDirty, 'the document was edited');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await followReference(document);
  });
});
