/** Places the boxes of a way: the chosen path straight down, and beside it, in the order of the trace, where other paths leave it. */
import type { WayBox } from './buildWay';

export interface PlacedEdge {
  from: WayBox;
  to: WayBox;
  points: { x: number; y: number }[];
  /** The middle of the label. */
  label?: { x: number; y: number };
}

export interface WayLayout {
  width: number;
  height: number;
  /** Top left corners, in pixels. */
  places: Map<WayBox, { x: number; y: number }>;
  edges: PlacedEdge[];
}

export interface WayMeasures {
  /** A box's size in pixels. */
  sizeOf(box: WayBox): { width: number; height: number };
  /** The width of an edge's words. */
  labelWidth(label: string): number;
}

const MARGIN = 8;
/** Between boxes beside each other, and below each other. */
const GAP = 24;
const RANK_GAP = 22;
const LABEL_HEIGHT = 18;
/** Below a box its lines part. */
const BEND = 8;

/** `boxes` as buildWay gives them: what is not on the chosen path has nothing below it. */
export function layoutWay(boxes: readonly WayBox[], chosen: number, measures: WayMeasures): WayLayout {
  const places: WayLayout['places'] = new Map();
  let top = MARGIN;
  for (const [index, row] of rowsOf(boxes).entries()) {
    if (index > 0) top += RANK_GAP + (row.some(({ edge }) => edge !== '') ? LABEL_HEIGHT : 0);
    for (const [box, x] of placeRow(row, chosen, measures)) places.set(box, { x, y: top });
    top += Math.max(...row.map((box) => measures.sizeOf(box).height));
  }
  const left = Math.min(0, ...[...places.values()].map(({ x }) => x)) - MARGIN;
  for (const place of places.values()) place.x -= left;
  const width = Math.max(0, ...[...places].map(([box, { x }]) => x + measures.sizeOf(box).width)) + MARGIN;
  return { width, height: top + MARGIN, places, edges: boxes.flatMap((box) => placeEdge(box, places, measures)) };
}

/** By their distance from the beginning; in each row in the order of their parent's children. */
function rowsOf(boxes: readonly WayBox[]): WayBox[][] {
  const rows: WayBox[][] = [];
  const depths = new Map<WayBox, number>();
  for (const box of boxes) {
    const depth = box.parent ? (depths.get(box.parent) ?? 0) + 1 : 0;
    depths.set(box, depth);
    (rows[depth] ??= []).push(box);
  }
  return rows;
}

/** Left edges, the middle of the chosen path's boxes being 0. */
function placeRow(row: readonly WayBox[], chosen: number, { sizeOf, labelWidth }: WayMeasures): Map<WayBox, number> {
  const onWay = row.findIndex(({ paths, kind }) => paths.includes(chosen) && kind !== 'mirror');
  const middle = Math.max(onWay, 0);
  const columnOf = (box: WayBox) => Math.max(sizeOf(box).width, box.edge === '' ? 0 : labelWidth(box.edge));
  const placed = new Map<WayBox, number>();
  const put = (box: WayBox, centre: number) => placed.set(box, centre - sizeOf(box).width / 2);
  const reach = row[middle] ? columnOf(row[middle]) / 2 + GAP : 0;
  if (row[middle]) put(row[middle], 0);
  let right = reach;
  for (const box of row.slice(middle + 1)) {
    put(box, right + columnOf(box) / 2);
    right += columnOf(box) + GAP;
  }
  let left = -reach;
  for (const box of row.slice(0, middle).toReversed()) {
    put(box, left - columnOf(box) / 2);
    left -= columnOf(box) + GAP;
  }
  return placed;
}

/** Down from the middle of the box above, to the side, and down. */
function placeEdge(to: WayBox, places: WayLayout['places'], { sizeOf }: WayMeasures): PlacedEdge[] {
  const from = to.parent;
  const above = from && places.get(from);
  const below = places.get(to);
  if (!from || !above || !below) return [];
  const start = { x: above.x + sizeOf(from).width / 2, y: above.y + sizeOf(from).height };
  const end = { x: below.x + sizeOf(to).width / 2, y: below.y };
  const bend = start.y + BEND;
  const points = start.x === end.x ? [start, end] : [start, { x: start.x, y: bend }, { x: end.x, y: bend }, end];
  return [{ from, to, points, ...(to.edge !== '' && { label: { x: end.x, y: end.y - RANK_GAP / 2 - LABEL_HEIGHT / 2 } }) }];
}
