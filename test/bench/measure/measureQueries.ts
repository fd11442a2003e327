/** What an editor asks of a snapshot: places of names, symbols, and a snapshot after an edit. */
import { findDefinition } from '../../../server/src/features/definition';
import { collectDiagnostics } from '../../../server/src/features/diagnostics/collectDiagnostics';
import { findDocumentSymbols } from '../../../server/src/features/symbols/documentSymbols';
import { findHover } from '../../../server/src/features/hover/hover';
import type { Place } from '../../../server/src/features/place/place';
import { findReferences } from '../../../server/src/features/references';
import { findWorkspaceSymbols } from '../../../server/src/features/symbols/workspaceSymbols';
import { spanOfName } from '../../../server/src/index/links/links';
import { makeWorkspace } from '../../../server/src/lsp/documents/workspace';
import { textOf, type TextEdit } from '../../../server/src/text/text';
import { seededRandom } from '../generate/mesh';
import { indexText } from './measureIndex';
import { interleave, quantile, summarize, timeOf } from './interleave';
import type { Report } from './report';
import { resolveLinks } from '../../../server/src/index/links/resolveLinks';

const NAMES = 1000;

export interface QueryCase {
  readonly name: string;
  readonly text: string;
  readonly rounds: number;
}

/** Definition, hover and references at random names; the slowest hundredth counts. */
export function measurePlaces(report: Report, { name, text, rounds }: QueryCase): void {
  const { snapshot } = indexText(text);
  const uri = 'dump.json';
  const names = snapshot.documents.get(uri)?.names;
  const random = seededRandom(7);
  const places = Array.from({ length: NAMES }, (): Place => {
    const place = names?.at(Math.floor(random() * names.length));
    return { snapshot, uri, offset: place ? spanOfName(place).start + 1 : 0 };
  });
  const asks: Record<string, (place: Place) => unknown> = {
    definition: findDefinition,
    hover: (place) => findHover(place),
    references: (place) => findReferences(place, true),
  };
  const parse = interleave({ 'JSON.parse': () => JSON.parse(text) as unknown }, rounds).get('JSON.parse')?.median ?? NaN;
  for (const [ask, run] of Object.entries(asks)) {
    // The first question builds tables that all later ones share; each is measured warm, as in a busy editor.
    places.forEach(run);
    // The middle of three: a collection that falls into one of a thousand questions is not what the question costs.
    const times = places.map((place) =>
      quantile(
        [1, 2, 3].map(() => timeOf(() => run(place))).sort((a, b) => a - b),
        0.5,
      ),
    );
    const p99 = quantile(
      [...times].sort((a, b) => a - b),
      0.99,
    );
    report.subjects.push({ name: `${ask} at ${NAMES} names, ${name}`, bytes: text.length, timings: [summarize(ask, times)] });
    report.figures.push({
      work: `${ask}, p99`,
      on: name,
      value: p99 / parse,
      unit: 'ratio',
      reference: 'JSON.parse',
      floor: 0.02,
      aim: 1 / parse,
    });
  }
}

export function measureSymbols(report: Report, { name, text, rounds }: QueryCase): void {
  const { snapshot } = indexText(text);
  const timings = interleave(
    {
      'JSON.parse': () => JSON.parse(text) as unknown,
      'document symbols': () => findDocumentSymbols(snapshot, 'dump.json'),
      'workspace symbols': () => findWorkspaceSymbols(snapshot, 'orders-01'),
    },
    rounds,
  );
  report.subjects.push({ name: `symbols, ${name}`, bytes: text.length, timings: [...timings.values()] });
  const parse = timings.get('JSON.parse')?.median ?? NaN;
  for (const work of ['document symbols', 'workspace symbols'])
    report.figures.push({
      work,
      on: name,
      value: (timings.get(work)?.median ?? NaN) / parse,
      unit: 'ratio',
      reference: 'JSON.parse',
      floor: 0.5,
      aim: 0.2,
    });
}

/** Each edit, and its undoing: a fresh snapshot with all links resolved, and its diagnostics. */
export function measureEdits(report: Report, { name, text, rounds }: QueryCase): void {
  const uri = 'dump.json';
  const workspace = makeWorkspace();
  let version = 0;
  const show = (edit: TextEdit) => {
    workspace.edit(uri, ++version, [edit]);
    const snapshot = workspace.snapshot();
    return [resolveLinks(snapshot, uri), collectDiagnostics(snapshot, uri)];
  };
  workspace.open({ uri, text: textOf(text), version });
  collectDiagnostics(workspace.snapshot(), uri);
  const tasks: Record<string, () => unknown> = { 'cold index': () => indexText(text) };
  for (const [work, edit] of Object.entries(editsOf(text))) {
    const removed = text.slice(edit.start, edit.end);
    tasks[work] = () => show(edit);
    tasks[`${work}, undone`] = () => show({ start: edit.start, end: edit.start + edit.inserted.length, inserted: removed });
  }
  const timings = interleave(tasks, rounds, 1);
  report.subjects.push({ name: `edits, ${name}`, bytes: text.length, timings: [...timings.values()] });
  for (const edit of Object.keys(editsOf(text)))
    report.figures.push({
      work: `edit: ${edit}`,
      on: name,
      value: (timings.get(edit)?.median ?? NaN) / (timings.get('cold index')?.median ?? NaN),
      unit: 'ratio',
      reference: 'cold index',
      floor: 0.15,
      aim: 0.03,
    });
}

function editsOf(text: string): Record<string, TextEdit> {
  const route = text.indexOf('"name": "default"', text.length >> 2);
  const number = text.indexOf('"num_retries": 2', text.length >> 2);
  const routeStart = text.lastIndexOf('{', route);
  const feed = text.indexOf('\n', routeStart);
  const cluster = text.indexOf('"name": "outbound|', text.length >> 2) + '"name": "outbound|'.length;
  const port = text.lastIndexOf('"port_value": ') + '"port_value": '.length;
  const pasted = '{"name": "pasted", "match": {"path": "/pasted"}, "route": {"cluster": "PassthroughCluster"}},\n';
  return {
    'a character in a name': insertion(route + '"name": "def'.length, 'x'),
    'a digit in a number': insertion(number + '"num_retries": 2'.length, '3'),
    'an inserted line': insertion(feed, '\n'),
    'a pasted route': insertion(routeStart, pasted),
    "a character in a cluster's name": insertion(cluster, 'x'),
    "a digit in an endpoint's port": insertion(port, '1'),
  };
}

function insertion(at: number, inserted: string): TextEdit {
  return { start: at, end: at, inserted };
}
