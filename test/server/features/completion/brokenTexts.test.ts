/** Completion in texts that are broken anywhere: it never throws, and offers the fields of the message around the cursor. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findCompletions } from '../../../../server/src/features/completion/completion';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';

const samples = path.resolve(import.meta.dirname, '../../../../samples');
const files = ['static-weights/envoy.yaml', 'filters/envoy.yaml', 'filesystem-xds/lds.yaml', 'filesystem-xds/cds.yaml'];
const texts = files.map((file) => fs.readFileSync(path.join(samples, file), 'utf8'));
const yaml = texts[0] ?? '';

function complete(text: string, offset: number, name = 'envoy.yaml'): string[] {
  const uri = `file:///${name}`;
  return findCompletions({ snapshot: buildSnapshot([{ uri, text }]), uri, offset }).items.map(({ label }) => label);
}

describe('a text that ends anywhere', () => {
  test('or lacks its middle is completed without a failure', () => {
    const at = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...texts), at, at, fc.constantFrom('', 'x', '"', '{', '- ', ': '), (text, begin, end, typed) => {
        const [from, to] = [Math.floor(begin * text.length), Math.floor(end * text.length)].sort((a, b) => a - b);
        const broken = text.slice(0, from) + typed + text.slice(to);
        expect(Array.isArray(complete(broken, (from ?? 0) + typed.length))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
  test('or is JSON', () => {
    const json =
      '{"static_resources": {"clusters": [{"name": "a\\"b", "type": "STATIC", "load_assignment": {"endpoints": [{"lb_endpoints": []}]}}]}}';
    for (let cut = 0; cut <= json.length; cut++) expect(Array.isArray(complete(json.slice(0, cut), cut, 'envoy.json'))).toBe(true);
  });
});

describe('the fields of the message around', () => {
  /** Indentation of each line that begins a field, and that line. */
  const lines = yaml.split('\n');
  const fields = lines.flatMap((line, index) => {
    const [, indent = '', key = ''] = /^( *)([a-z_]+):/.exec(line) ?? [];
    return key === '' || indent === '' ? [] : [{ index, indent, key }];
  });
  test.each(fields)('a file that ends before line $index offers “$key” there', ({ index, indent, key }) => {
    const text = `${lines.slice(0, index).join('\n')}\n${indent}`;
    expect(complete(text, text.length)).toContain(key);
  });
  test.each(fields)('a new line before line $index is in the same message as “$key”', ({ index, indent, key }) => {
    const head = `${lines.slice(0, index).join('\n')}\n${indent}`;
    const offered = complete(`${head}\n${lines.slice(index).join('\n')}`, head.length);
    expect(offered).not.toContain(key);
    expect(offered.length).toBeGreaterThan(0);
  });
});
