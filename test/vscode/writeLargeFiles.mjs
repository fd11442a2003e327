// A workspace of files of two megabytes, alike but for what an editor makes the same: line ends, a byte order mark, an encoding.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeDump } from './largeDump.mjs';

export async function writeLargeFiles() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'large-files-'));
  const file = (name) => path.join(folder, name);
  await writeDump(file('plain.json'), 2);
  const text = fs.readFileSync(file('plain.json'), 'utf8');
  fs.writeFileSync(file('mixed.json'), `\ufeff${text.replaceAll('\n    ', '\r\n    ')}`);
  fs.writeFileSync(file('latin1.json'), text.replace('{', '{\n  "comment": "é",'), 'latin1');
  return folder;
}
