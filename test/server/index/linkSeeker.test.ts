import fc from 'fast-check';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { linksOf, resolveLink, type LinkTarget } from '../../../server/src/index/links/links';

const root = path.resolve(import.meta.dirname, '../../../samples');
const samples = fs
  .readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(json|ya?ml)$/.test(file))
  .map((file) => ({ uri: `file:///${file}`, text: fs.readFileSync(path.join(root, file), 'utf8') }));

const placesOf = (targets: readonly LinkTarget[]) => targets.map(({ node, proxy }) => `${proxy.id} ${node.tree.uri} ${node.id}`);

/** Links as they are found in the order of the document, beside each one looked up by itself. */
function differences(files: readonly { uri: string; text: string }[]): string[] {
  const snapshot = buildSnapshot(files);
  return files.flatMap(({ uri }) =>
    linksOf(snapshot, uri).flatMap(({ name, place, status, targets }) => {
      const alone = resolveLink(snapshot, place);
      const isSame = alone.status === status && placesOf(alone.targets).join('\n') === placesOf(targets).join('\n');
      return isSame ? [] : [`${uri} ${place.site.message}.${place.site.field} ${name}: ${status}, alone ${alone.status}`];
    }),
  );
}

test('links found in order are those found one by one, in all samples together', () => {
  expect(samples.length).toBeGreaterThan(15);
  expect(differences(samples)).toEqual([]);
});

test('a key that stands twice', () => {
  const cluster = { '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster', name: 'a', type: 'EDS', eds_cluster_config: {} };
  const endpoints = '"@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", "cluster_name": "a", "cluster_name": ';
  for (const other of ['[]', '"another"']) {
    const text = `{"resources": [${JSON.stringify(cluster)}, {${endpoints}${other}}]}`;
    expect(linksOf(buildSnapshot([{ uri: 'a.json', text }]), 'a.json').map(({ name }) => name)).toContain('a');
    expect(differences([{ uri: 'a.json', text }])).toEqual([]);
  }
});

test('headers that something sets, and those that nothing sets', () => {
  const route = (name: string) => ({ match: { prefix: '/', headers: [{ name }] }, redirect: {} });
  const headers = ['x-set', 'X-Set', ':method', 'x-other', ':method'];
  const virtualHost = { name: 'v', domains: ['*'], routes: headers.map(route), request_headers_to_add: [{ header: { key: 'x-set' } }] };
  const text = JSON.stringify({ name: 'r', virtual_hosts: [virtualHost] });
  const links = linksOf(buildSnapshot([{ uri: 'a.json', text }]), 'a.json').filter(({ place }) => place.kind === 'header');
  expect(links.map(({ name, status }) => `${name} ${status}`)).toEqual([
    ...['x-set resolved', 'X-Set resolved', ':method unchecked', 'x-other unchecked', ':method unchecked'],
  ]);
  expect(differences([{ uri: 'a.json', text }])).toEqual([]);
});

/** The words of a document that are in quotes, most of them names. */
const wordsOf = (text: string) => [...text.matchAll(/"[^"\\\n]+"/g)].map(({ index, 0: word }) => ({ index, word }));

test('they are the same where names are changed for one another', () => {
  const dumps = samples.filter(({ text }) => text.length < 150_000 && text.includes('"configs"'));
  const number = fc.nat({ max: 1_000_003 });
  fc.assert(
    fc.property(fc.constantFrom(...dumps), fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 6 }), ({ uri, text }, changes) => {
      let changed = text;
      for (const [at, like] of changes) {
        const words = wordsOf(changed);
        const [one, other] = [words[(at * 7919) % words.length], words[(like * 7919) % words.length]];
        if (one && other) changed = changed.slice(0, one.index) + other.word + changed.slice(one.index + one.word.length);
      }
      expect(differences([{ uri, text: changed }])).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
