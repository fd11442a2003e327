/** Every feature in texts that are broken anywhere, at any place: an answer, never an exception. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findIncomingCalls, findOutgoingCalls, prepareCallHierarchy } from '../../../server/src/features/callHierarchy';
import { findCodeLenses, resolveCodeLens } from '../../../server/src/features/codeLenses';
import { findCompletions } from '../../../server/src/features/completion/completion';
import { findDeclaration, findDefinition, findImplementation, findTypeDefinition } from '../../../server/src/features/definition';
import { collectDiagnostics } from '../../../server/src/features/diagnostics/collectDiagnostics';
import { findDocumentLinks } from '../../../server/src/features/documentLinks';
import { findDocumentSymbols } from '../../../server/src/features/symbols/documentSymbols';
import { findFoldingRanges } from '../../../server/src/features/foldingRanges';
import { findHover } from '../../../server/src/features/hover/hover';
import { findInlayHints } from '../../../server/src/features/inlayHints';
import type { Place } from '../../../server/src/features/place/place';
import { findHighlights, findReferences } from '../../../server/src/features/references';
import { findRenameProblem, prepareRename, renameName } from '../../../server/src/features/rename';
import { findSelectionRange } from '../../../server/src/features/selectionRanges';
import { findSemanticTokens } from '../../../server/src/features/semanticTokens';
import { findWorkspaceSymbols, resolveWorkspaceSymbol } from '../../../server/src/features/symbols/workspaceSymbols';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { impliedRequest } from '../../../server/src/trace/request/impliedRequest';
import { simulateRequest } from '../../../server/src/trace/simulateRequest';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const texts = ['static-weights/envoy.yaml', 'filters/envoy.yaml', 'filesystem-xds/cds.yaml', 'ambient-l7/waypoint.json'].map((file) => ({
  uri: `file:///${file}`,
  text: fs.readFileSync(path.join(samples, file), 'utf8').slice(0, 30_000),
}));

const SCREEN = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };

function askEverything(place: Place): void {
  const { snapshot, uri } = place;
  for (const find of [
    findDefinition,
    findDeclaration,
    findImplementation,
    findTypeDefinition,
    findHighlights,
    findHover,
    findSelectionRange,
    prepareRename,
  ])
    find(place);
  findReferences(place, true);
  findRenameProblem(place, 'x');
  renameName(place, 'x');
  for (const item of prepareCallHierarchy(place)) {
    findIncomingCalls(snapshot, item);
    findOutgoingCalls(snapshot, item);
  }
  impliedRequest(snapshot, uri, place.offset);
  findDocumentSymbols(snapshot, uri);
  findFoldingRanges(snapshot, uri);
  findDocumentLinks(snapshot, uri);
  findSemanticTokens(snapshot, uri);
  findSemanticTokens(snapshot, uri, SCREEN);
  findInlayHints(snapshot, uri, SCREEN);
  for (const lens of findCodeLenses(snapshot, uri).slice(0, 5)) resolveCodeLens(snapshot, lens);
  for (const symbol of findWorkspaceSymbols(snapshot, 'e', { withRanges: false }).slice(0, 5)) resolveWorkspaceSymbol(snapshot, symbol);
}

test('a text without its middle, or with something typed into it', () => {
  const at = fc.double({ min: 0, max: 1, noNaN: true });
  const typed = fc.constantFrom('', '"', '{', '}', '[', ': ', '- ', '\n', '*a', '&a ', '\\', 'null', '\t', '\u0000', '\u{1d11e}');
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.tuple(at, at, at), typed, ({ uri, text }, [begin, length, cursor], word) => {
      const from = Math.floor(begin * text.length);
      const broken = text.slice(0, from) + word + text.slice(from + Math.floor(length * 200));
      const snapshot = buildSnapshot([{ uri, text: broken }]);
      expect(() => askEverything({ snapshot, uri, offset: Math.floor(cursor * broken.length) })).not.toThrow();
    }),
    { numRuns: Number(process.env['RUNS'] ?? 100) },
  );
});

/** Names of JavaScript's own objects: a table that is asked with them must not answer with what every object has. */
const WORDS = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];

test('a text in which a value or a key is a word of JavaScript’s', () => {
  const at = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.tuple(at, at), fc.constantFrom(...WORDS), ({ uri, text }, [which, cursor], word) => {
      const tokens = [...text.matchAll(/(?<=": )"[^"\n]*"|"[^"\n]*"(?=:)|(?<=: )[A-Za-z][\w.]*$/gm)];
      const token = tokens[Math.floor(which * tokens.length)];
      if (!token) return;
      const quoted = token[0].startsWith('"') ? `"${word}"` : word;
      const changed = text.slice(0, token.index) + quoted + text.slice(token.index + token[0].length);
      const snapshot = buildSnapshot([{ uri, text: changed }]);
      const offset = token.index + 1;
      expect(() => {
        askEverything({ snapshot, uri, offset });
        askEverything({ snapshot, uri, offset: Math.floor(cursor * changed.length) });
        findCompletions({ snapshot, uri, offset });
        collectDiagnostics(snapshot, uri);
        const request = impliedRequest(snapshot, uri, Math.floor(cursor * changed.length))?.request;
        if (request) simulateRequest(snapshot, request);
      }).not.toThrow();
    }),
    { numRuns: Number(process.env['RUNS'] ?? 100) },
  );
});
