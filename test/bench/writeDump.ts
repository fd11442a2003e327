/** Writes a generated dump into a file: `writeDump.cjs FILE MEGABYTES [KIND]`. */
import fs from 'node:fs';
import type { DumpKind } from './generate/dumps';
import { generateDump } from './generate/generateDump';

const [file, megabytes, kind] = process.argv.slice(2);
fs.writeFileSync(
  file ?? 'dump.json',
  generateDump({ kind: (kind ?? 'sidecar') as DumpKind, megabytes: Number(megabytes ?? 5), style: { format: 'json' } }),
);
