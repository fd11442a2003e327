// Stands beside the extension in the extension host and writes down when things happen, as JSON lines {what, at (ms since the epoch)}.
const fs = require('node:fs');
const vscode = require('vscode');

const { PROBE_FILE, PROBE_TASK, PROBE_POSITION } = process.env;
const note = (what, more = {}) => fs.appendFileSync(PROBE_FILE, `${JSON.stringify({ what, at: Date.now(), ...more })}\n`);

exports.activate = () => {
  if (PROBE_TASK === 'activation') void measureActivation();
  else if (PROBE_TASK === 'definition') vscode.workspace.onDidOpenTextDocument((document) => void awaitDefinition(document));
  note('ready');
};

/** Loading the extension's code and running its `activate`. */
async function measureActivation() {
  const extension = vscode.extensions.getExtension('envoy-lens.envoy-lens');
  // Sometimes VS Code itself has opened a JSON document by then.
  if (extension.isActive) return note('activated', { milliseconds: null });
  const start = performance.now();
  await extension.activate();
  note('activated', { milliseconds: performance.now() - start });
}

/** Asks as a person does who holds F12 down. */
async function awaitDefinition(document) {
  if (!document.fileName.endsWith('dump.json')) return;
  note('document');
  const [line, character] = PROBE_POSITION.split(':').map(Number);
  for (;;) {
    const found = await vscode.commands.executeCommand(
      'vscode.executeDefinitionProvider',
      document.uri,
      new vscode.Position(line, character),
    );
    if (found?.length > 0) return note('definition');
    await new Promise((done) => setTimeout(done, 5));
  }
}
