// Stands beside the extension in the extension host and writes down when things happen, as JSON lines
// {what, at (ms since the epoch), cpu (ms of the process's processor time), process}.
const vscode = require('vscode');
const process = require('node:process');
const { note } = require('./note.cjs');
const { watchExtension } = require('./watchExtension.cjs');

const { PROBE_TASK, PROBE_POSITION } = process.env;

exports.activate = () => {
  if (PROBE_TASK === 'activation') void measureActivation();
  else if (PROBE_POSITION) {
    if (PROBE_TASK === 'definition') watchExtension();
    else vscode.languages.registerDefinitionProvider({ language: 'json' }, { provideDefinition: leadToTop });
    vscode.window.tabGroups.onDidChangeTabs(({ opened }) => opened.length > 0 && note('tab'));
    vscode.workspace.onDidOpenTextDocument((document) => void awaitDefinition(document));
  }
  note('ready');
};

/** What an extension does that has nothing to do: the least that any can reach. */
function leadToTop(document) {
  return new vscode.Location(document.uri, new vscode.Position(0, 0));
}

/** Loading the extension's code and running its `activate`, in processor time: other extensions start in the same process, and how many by then differs. */
async function measureActivation() {
  const extension = vscode.extensions.getExtension('envoy-lens.envoy-lens');
  // Sometimes VS Code itself has opened a JSON document by then.
  if (extension.isActive) return note('activated', { milliseconds: null });
  const start = process.cpuUsage();
  await extension.activate();
  const { user, system } = process.cpuUsage(start);
  note('activated', { milliseconds: (user + system) / 1000 });
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
