/** Places the boxes of a way, top down, with dagre. */
import { Graph, layout } from '@dagrejs/dagre';
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

/** `sizeOf` gives a box's measured size in pixels; `labelWidth` the width of an edge's words. */
export function layoutWay(
  boxes: readonly WayBox[],
  sizeOf: (box: WayBox) => { width: number; height: number },
  labelWidth: (label: string) => number,
): WayLayout {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 24, ranksep: 22, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const box of boxes) graph.setNode(box.id, { ...sizeOf(box) });
  const inner = boxes.filter((box) => box.parent);
  for (const box of inner) {
    const label = box.edge ? { width: labelWidth(box.edge), height: 18, labelpos: 'c' } : {};
    graph.setEdge(box.parent?.id ?? '', box.id, label);
  }
  layout(graph);
  const places = new Map(boxes.map((box) => [box, topLeft(graph.node(box.id) as { x: number; y: number; width: number; height: number })]));
  const edges = inner.flatMap((box) => (box.parent ? [placeEdge(graph, box.parent, box)] : []));
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { width, height, places, edges };
}

function topLeft(node: { x: number; y: number; width: number; height: number }): { x: number; y: number } {
  return { x: node.x - node.width / 2, y: node.y - node.height / 2 };
}

function placeEdge(graph: Graph, from: WayBox, to: WayBox): PlacedEdge {
  const { points = [], x, y } = graph.edge(from.id, to.id) as { points?: { x: number; y: number }[]; x?: number; y?: number };
  return { from, to, points, ...(x !== undefined && y !== undefined && { label: { x, y } }) };
}
