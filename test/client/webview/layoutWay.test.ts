import { expect, test } from 'vitest';
import type { WayBox } from '../../../client/webview/buildWay';
import { layoutWay } from '../../../client/webview/layoutWay';

function box(name: string, paths: number[], parent?: WayBox, more: Partial<WayBox> = {}): WayBox {
  const made: WayBox = {
    id: name,
    kind: 'endpoint',
    name,
    detail: '',
    children: [],
    paths,
    edge: '',
    ...more,
    ...(parent && { parent }),
  };
  parent?.children.push(made);
  return made;
}

const measures = {
  sizeOf: ({ paths }: WayBox) => ({ width: paths.includes(1) ? 280 : 170, height: 40 }),
  labelWidth: (label: string) => label.length * 7,
};

/** A cluster with three endpoints, of which the second path is chosen, and a mirror. */
function fork() {
  const cluster = box('cluster', [0, 1, 2], undefined, { kind: 'cluster' });
  const mirror = box('mirror', [0, 1, 2], cluster, { kind: 'mirror' });
  const endpoints = [0, 1, 2].map((index) => box(`endpoint ${index}`, [index], cluster, { edge: '33.3 %' }));
  return { cluster, mirror, endpoints, boxes: [cluster, mirror, ...endpoints] };
}

test('the chosen path goes straight down, the others stand beside it in their order', () => {
  const { cluster, endpoints, boxes } = fork();
  const { places, width, height } = layoutWay(boxes, 1, measures);
  const centre = (each: WayBox | undefined) => (each ? (places.get(each)?.x ?? NaN) + measures.sizeOf(each).width / 2 : NaN);
  expect(centre(endpoints[1])).toBe(centre(cluster));
  const lefts = boxes.slice(1).map((each) => places.get(each)?.x ?? NaN);
  expect(lefts).toEqual(lefts.toSorted((a, b) => a - b));
  expect(Math.min(...lefts)).toBe(8);
  expect(width).toBe(Math.max(...boxes.map((each) => (places.get(each)?.x ?? 0) + measures.sizeOf(each).width)) + 8);
  expect(height).toBe(8 + 40 + 22 + 18 + 40 + 8);
});
test('boxes and labels do not overlap', () => {
  const { cluster, boxes } = fork();
  const long = box('endpoint 3', [3], cluster, { edge: 'a very long label on the line that leads to it' });
  const { places, edges } = layoutWay([...boxes, long], 1, measures);
  const spans = [...boxes.slice(1), long].map((each) => {
    const centre = (places.get(each)?.x ?? 0) + measures.sizeOf(each).width / 2;
    const half = Math.max(measures.sizeOf(each).width, measures.labelWidth(each.edge)) / 2;
    return { from: centre - half, to: centre + half };
  });
  const sorted = spans.toSorted((a, b) => a.from - b.from);
  for (const [index, span] of sorted.entries()) expect(span.from).toBeGreaterThan(sorted[index - 1]?.to ?? -1);
  expect(edges.every(({ points }) => points.length === 2 || points.length === 4)).toBe(true);
  expect(edges.find(({ to }) => to === long)?.label?.x).toBe(edges.find(({ to }) => to === long)?.points.at(-1)?.x);
});
test('a path alone is one straight line', () => {
  const first = box('a', [0]);
  const second = box('b', [0], first);
  const { edges, width } = layoutWay([first, second], 0, measures);
  expect(edges.map(({ points }) => points.length)).toEqual([2]);
  expect(width).toBe(170 + 16);
});
