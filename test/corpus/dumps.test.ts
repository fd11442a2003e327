/** Dumps were taken from running proxies: an error in one is a mistake of ours, unless the proxy itself had refused the resource. */
import { describe, expect, test } from 'vitest';
import { collectDiagnostics } from '../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import { corpusFiles, corpusFolder, type CorpusFile } from './corpusFiles';

const dumps = corpusFiles().filter(isDump);

function isDump({ name, read }: CorpusFile): boolean {
  const text = read();
  if (!/ConfigDump|workloads/.test(text)) return false;
  const parts = buildSnapshot([{ uri: name, text }]).documents.get(name)?.parts ?? [];
  return parts.some(({ kind }) => kind === 'dump' || kind === 'ztunnel');
}

describe.skipIf(dumps.length === 0)(
  `no error in a dump of the corpus (${dumps.length === 0 ? `skipped: none in ${corpusFolder}` : dumps.length})`,
  () => {
    test.each(dumps)('$name', ({ name, read }) => {
      const errors = collectDiagnostics(buildSnapshot([{ uri: name, text: read() }]), name).filter(({ severity }) => severity === 'error');
      expect(errors.filter(({ code }) => code !== 'rejected-resource').map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    });
  },
);
