/** Golden files: test/golden/NAME holds what was printed when somebody looked at it last; `UPDATE_GOLDEN=1` writes it anew. */
import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';

const root = path.resolve(import.meta.dirname, '../golden');

export function checkGolden(name: string, text: string): void {
  const file = path.join(root, name);
  if (process.env['UPDATE_GOLDEN']) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  expect(fs.existsSync(file), `${name} is missing: run with UPDATE_GOLDEN=1 and look at it`).toBe(true);
  expect(text).toBe(fs.readFileSync(file, 'utf8'));
}
