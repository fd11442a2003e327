/** Opens the references peek for a code lens: the editor's own command wants its own classes, which cannot cross the protocol. */
import * as vscode from 'vscode';

interface WirePosition {
  line: number;
  character: number;
}
interface WireLocation {
  uri: string;
  range: { start: WirePosition; end: WirePosition };
}

/** `uri`, `position` and `locations` are as in the language server protocol. */
export async function showReferences(uri: unknown, position: unknown, locations: unknown): Promise<void> {
  if (typeof uri !== 'string' || !isPosition(position) || !Array.isArray(locations)) return;
  const found = locations
    .filter(isLocation)
    .map(({ uri: target, range }) => new vscode.Location(vscode.Uri.parse(target), new vscode.Range(at(range.start), at(range.end))));
  await vscode.commands.executeCommand('editor.action.showReferences', vscode.Uri.parse(uri), at(position), found);
}

function at({ line, character }: WirePosition): vscode.Position {
  return new vscode.Position(line, character);
}

function isLocation(value: unknown): value is WireLocation {
  if (typeof value !== 'object' || value === null || !('uri' in value) || !('range' in value)) return false;
  const { uri, range } = value;
  if (typeof uri !== 'string' || typeof range !== 'object' || range === null || !('start' in range) || !('end' in range)) return false;
  return isPosition(range.start) && isPosition(range.end);
}

function isPosition(value: unknown): value is WirePosition {
  if (typeof value !== 'object' || value === null || !('line' in value) || !('character' in value)) return false;
  return typeof value.line === 'number' && typeof value.character === 'number';
}
