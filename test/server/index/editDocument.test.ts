import fc from 'fast-check';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { joinDocuments } from '../../../server/src/index/buildSnapshot';
import { editDocument, readDocumentFacts, type DocumentFacts } from '../../../server/src/index/documentFacts';
import { linksOf } from '../../../server/src/index/links';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const dumps = fs
  .readdirSync(samples, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .map((file) => fs.readFileSync(path.join(samples, file), 'utf8'))
  .filter((text) => text.length < 200_000);

/** All that is known of a document's names, in words. */
function described(facts: DocumentFacts): object {
  const snapshot = joinDocuments([facts]);
  return {
    names: facts.names.slice().map(({ kind, name, node, isKey, scopeNode, qualifier, resource, site }) => ({
      ...{ kind, name, node, isKey, scopeNode, qualifier, role: site.role },
      of: `${resource.kind} ${resource.name} ${resource.node.id}`,
    })),
    links: linksOf(snapshot, facts.uri).map(({ status, targets }) => ({ status, targets: targets.map(({ node }) => node.id) })),
  };
}

const pieces = fc.constantFrom(
  ...['x', '', '1', '\n', '"name": "other", ', '"cluster": "c", ', ', {"name": "more"}', '"@type": "type.googleapis.com/x.Y", ', '{', '"'],
);

test('after any edits a document is what reading it anew gives', () => {
  expect(dumps.length).toBeGreaterThan(3);
  const edits = fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), removed: fc.nat(3), inserted: pieces }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.constantFrom(...dumps), edits, fc.boolean(), (dump, changes, areNamesKnown) => {
      let content = dump;
      let facts = readDocumentFacts({ uri: 'dump.json', text: content });
      for (const { at, removed, inserted } of changes) {
        if (areNamesKnown) expect(facts.names.length).toBeGreaterThanOrEqual(0);
        const start = Math.floor(at * content.length);
        const end = Math.min(content.length, start + removed);
        content = content.slice(0, start) + inserted + content.slice(end);
        facts = editDocument(facts, { start, end, inserted }) ?? readDocumentFacts({ uri: 'dump.json', text: content });
      }
      expect(String(facts.tree.text) === content).toBe(true);
      expect(described(facts)).toEqual(described(readDocumentFacts({ uri: 'dump.json', text: content })));
    }),
    { numRuns: 150 },
  );
}, 60_000);
