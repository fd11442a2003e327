/** Hovers at every place of a hand-written file: nothing raw, and the marked range is under the cursor. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';
import { findHover } from '../../../../server/src/features/hover/hover';
import { checkHover } from '../../../support/check';

const samples = path.resolve(import.meta.dirname, '../../../../samples');
const files = ['filters/envoy.yaml', 'static-weights/envoy.yaml', 'filesystem-xds/cds.yaml', 'ambient-today/waypoint.json'];

test.each(files)('%s', (file) => {
  const text = fs.readFileSync(path.join(samples, file), 'utf8');
  const snapshot = buildSnapshot([{ uri: file, text }]);
  const { lines } = snapshot.documents.get(file)?.tree ?? {};
  const step = Math.max(1, Math.floor(text.length / 3_000));
  let count = 0;
  for (let offset = 0; offset < text.length; offset += step) {
    const found = findHover({ snapshot, uri: file, offset });
    if (!found?.range || !lines) continue;
    count++;
    const { start, end } = found.range;
    expect(lines.offsetAt({ line: start.line, column: start.character })).toBeLessThanOrEqual(offset);
    expect(lines.offsetAt({ line: end.line, column: end.character })).toBeGreaterThanOrEqual(offset);
    expect(JSON.stringify(found.contents)).not.toMatch(/undefined|\[object|NaN/);
  }
  expect(count).toBeGreaterThan(100);
});

describe('things without a name go by their number', () => {
  const ROUTES = '- match: { prefix: /a }\n  route: { cluster: api }\n- match: { pre<|>fix: /b }\n  direct_response: { status: 204 }\n';
  test('a route of a pasted list', () => checkHover(ROUTES, '**Route** `#1`', 'prefix /b'));
  test('a pasted route alone has none', () => checkHover('match: { pre<|>fix: /b }\nroute: { cluster: api }\n', '**Route**\n'));
  test('a filter chain', () =>
    checkHover(
      'static_resources: { listeners: [{ name: l, filter_chains: [{ name: a, filters: [] }, { filter_ch<|>ain_match: { destination_port: 80 }, filters: [{ name: x }] }] }] }',
      '**Filter chain** `#1`',
    ));
});
