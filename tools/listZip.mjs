// Reads a zip file (a .vsix is one) with Node alone: names, and contents when asked. Zip64 is not needed for files of this size.
import fs from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** The files of an archive: {name, read(): Buffer}. Throws on what is no zip file. */
export function listZip(file) {
  const bytes = fs.readFileSync(file);
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error(`${file} is no zip file`);
  const entries = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const [method, size, start] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)];
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    if (!name.endsWith('/')) entries.push({ name, read: () => readEntry(bytes, { method, size, start }) });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/** Writes the files below `prefix` into `folder`, without the prefix. */
export function extractZip(file, prefix, folder) {
  for (const { name, read } of listZip(file)) {
    if (!name.startsWith(prefix)) continue;
    const target = path.join(folder, path.normalize(name.slice(prefix.length)));
    if (!target.startsWith(path.resolve(folder))) throw new Error(`${name} would leave ${folder}`);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, read());
  }
}

function readEntry(bytes, { method, size, start }) {
  const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
  const data = bytes.subarray(from, from + size);
  return method === 0 ? data : inflateRawSync(data);
}
