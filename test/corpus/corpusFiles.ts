/** The files of a corpus: `ENVOY_LENS_CORPUS`, else the shared corpus beside the repository. */
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

const root = path.resolve(import.meta.dirname, '../..');
export const corpusFolder =
  process.env['ENVOY_LENS_CORPUS'] ?? path.join(process.env['ENVOY_LENS_SHARED'] ?? path.join(root, '../shared'), 'corpus');

export interface CorpusFile {
  /** Relative to the corpus. */
  readonly name: string;
  read(): string;
}

/** Every file of the corpus, [] where it is absent. Compressed files are unpacked. */
export function corpusFiles(): CorpusFile[] {
  if (!fs.existsSync(corpusFolder)) return [];
  return fs
    .readdirSync(corpusFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(json|jsonc|ya?ml|txt|gz)$|\/output[^/]*$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      name: path.relative(corpusFolder, file).split(path.sep).join('/'),
      read: () => (file.endsWith('.gz') ? gunzipSync(fs.readFileSync(file)).toString('utf8') : fs.readFileSync(file, 'utf8')),
    }));
}
