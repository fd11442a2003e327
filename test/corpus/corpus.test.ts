/** Every feature and command on every file of a corpus: no exception, no hang over 5 s, no span outside the file. */
import { describe, expect, test } from 'vitest';
import { collectLinks } from '../../server/src/cli/linksCommand';
import { LISTINGS } from '../../server/src/cli/listings';
import { findCodeLenses, resolveCodeLens } from '../../server/src/features/codeLenses';
import { findDeclaration, findDefinition, findImplementation } from '../../server/src/features/definition';
import { collectDiagnostics, spanOfProblem } from '../../server/src/features/diagnostics/collectDiagnostics';
import { findDocumentSymbols } from '../../server/src/features/symbols/documentSymbols';
import { findHover } from '../../server/src/features/hover/hover';
import { listResources } from '../../server/src/features/listResources';
import { findHighlights, findReferences } from '../../server/src/features/references';
import { findWorkspaceSymbols } from '../../server/src/features/symbols/workspaceSymbols';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import { impliedRequest } from '../../server/src/trace/request/impliedRequest';
import { simulateRequest } from '../../server/src/trace/simulateRequest';
import { corpusFiles, corpusFolder } from './corpusFiles';
import type { Snapshot } from '../../server/src/index/snapshot';

const files = corpusFiles();
const LIMIT_MILLISECONDS = 5_000;
/** Places that are tried in a file, spread evenly. */
const PLACES = 60;

interface Ranged {
  start: { line: number; character: number };
  end: { line: number; character: number };
}

function useEverything(snapshot: Snapshot, uri: string, text: string): void {
  const lineCount = snapshot.documents.get(uri)?.tree.lines.lineCount ?? 0;
  const inside = ({ start, end }: Ranged) => {
    expect(start.line).toBeLessThan(lineCount);
    expect(end.line).toBeLessThan(lineCount);
    expect(end.line > start.line || (end.line === start.line && end.character >= start.character)).toBe(true);
  };
  findDocumentSymbols(snapshot, uri).forEach(({ range, selectionRange }) => [range, selectionRange].forEach(inside));
  const lenses = findCodeLenses(snapshot, uri);
  lenses.forEach(({ range }) => inside(range));
  lenses.slice(0, 20).forEach((lens) => resolveCodeLens(snapshot, lens));
  findWorkspaceSymbols(snapshot, 'a');
  for (const kind of ['cluster', 'listener', 'route'] as const) listResources(snapshot, { uri, kind });
  for (const listing of Object.values(LISTINGS)) snapshot.proxies.forEach((proxy) => listing(proxy));
  for (const { from, to } of collectLinks(snapshot))
    for (const { line, endLine } of [from, ...to]) expect(line <= endLine && endLine <= lineCount).toBe(true);
  for (const problem of collectDiagnostics(snapshot, uri)) {
    const { start, end } = spanOfProblem(problem);
    expect(start >= 0 && start <= end && end <= text.length).toBe(true);
  }
  for (let count = 0; count < PLACES; count++) usePlace(snapshot, uri, Math.floor((text.length * count) / PLACES));
}

function usePlace(snapshot: Snapshot, uri: string, offset: number): void {
  const place = { snapshot, uri, offset };
  [findDefinition, findDeclaration, findImplementation, findHighlights].forEach((find) => find(place));
  findReferences(place, true);
  const hover = JSON.stringify(findHover(place) ?? '');
  expect(hover).not.toMatch(/undefined|\[object/);
  const implied = impliedRequest(snapshot, uri, offset);
  if (!implied) return;
  const words = JSON.stringify(simulateRequest(snapshot, implied.request));
  expect(words).not.toMatch(/\[object Object\]/);
}

describe.skipIf(files.length === 0)(
  `every file of the corpus (${files.length === 0 ? `skipped: no folder ${corpusFolder}; name one with ENVOY_LENS_CORPUS` : `${files.length} files`})`,
  () => {
    test.each(files)('$name', ({ name, read }) => {
      const text = read();
      const started = performance.now();
      useEverything(buildSnapshot([{ uri: name, text }]), name, text);
      expect(performance.now() - started).toBeLessThan(LIMIT_MILLISECONDS * (text.length > 5_000_000 ? 4 : 1));
    });
    test.each(files.filter((_, index) => index % 9 === 0))('$name cut in half', ({ name, read }) => {
      const text = read();
      const half = text.slice(0, text.length >> 1);
      useEverything(buildSnapshot([{ uri: name, text: half }]), name, half);
    });
  },
);
