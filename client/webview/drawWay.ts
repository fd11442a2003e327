/** The diagram: boxes are buttons, lines are drawn under them; keyboard and cursor highlighting live here. */
import type { Location, Trace } from '../../server/src/protocol/trace';
import { buildWay, type WayBox } from './buildWay';
import { createElement, nameNodes } from './createElement';
import { fileName } from '../../server/src/protocol/fileName';
import { layoutWay, type WayLayout } from './layoutWay';
import { percent, word } from './words';

export interface WayActions {
  reveal(at: Location): void;
  /** A box that is only on another path was chosen. */
  choosePath(index: number): void;
}

export interface Way {
  element: HTMLElement;
  /** To be called when `element` is in the document: only then boxes have sizes. */
  place(): void;
  /** Marks the boxes whose place holds the line, and the smallest of them more strongly; gives that one. */
  light(uri: string, line: number): HTMLElement | undefined;
  /** Scrolls what holds the diagram sideways, so that its first box is in the middle. To be called after `place`. */
  centre(): void;
}

/** At most so many paths are drawn beside each other. */
export const drawnPaths = 6;

export function drawWay(trace: Trace, chosen: number, actions: WayActions): Way {
  const boxes = buildWay(trace, indicesToDraw(trace.paths.length, chosen), chosen);
  labelForks(trace, boxes);
  const buttons = new Map(boxes.map((box) => [box, createBox(box, chosen, actions)]));
  const element = createElement('div', { class: 'way', role: 'group', 'aria-label': word('diagram') });
  element.append(...buttons.values());
  moveByArrows(buttons, chosen);
  return {
    element,
    place: () => placeWay(element, buttons, chosen),
    light: (uri, line) => lightBoxes(buttons, uri, line),
    centre: () => {
      const [first] = buttons.values();
      const holder = element.parentElement;
      if (first && holder) holder.scrollLeft = first.offsetLeft + (first.offsetWidth - holder.clientWidth) / 2;
    },
  };
}

/** The chosen path is drawn in any case, and always in the order of the trace. */
function indicesToDraw(count: number, chosen: number): number[] {
  const first = Array.from({ length: Math.min(count, drawnPaths) }, (_, index) => index);
  return first.includes(chosen) ? first : [...first, chosen];
}

/** Writes on each line of a fork the share of what arrives there, where all shares are known. */
function labelForks(trace: Trace, boxes: readonly WayBox[]): void {
  const weightOf = (box: WayBox) =>
    box.paths.reduce<number | null>((sum, index) => {
      const probability = trace.paths[index]?.probability ?? null;
      return sum === null || probability === null ? null : sum + probability;
    }, 0);
  for (const box of boxes) {
    const ways = box.children.filter((child) => child.kind !== 'mirror');
    const whole = weightOf(box);
    if (ways.length < 2 || !whole || box.paths.length < trace.paths.length) continue;
    for (const child of ways) {
      const share = weightOf(child);
      child.edge = [share === null ? '' : percent(share / whole), child.edge].filter(Boolean).join(' · ');
    }
  }
}

function createBox(box: WayBox, chosen: number, actions: WayActions): HTMLButtonElement {
  const onPath = box.paths.includes(chosen);
  const classes = ['box', `kind-${box.kind}`, onPath ? '' : 'aside', box.tone ?? '', box.at ? '' : 'placeless'].filter(Boolean);
  const place = box.at ? `${fileName(box.at.uri)}:${box.at.line}` : '';
  const label = [word(box.kind), box.name, box.detail, place].filter(Boolean).join(', ');
  const button = createElement(
    'button',
    { type: 'button', class: classes.join(' '), tabindex: '-1', 'aria-label': label, 'data-kind': box.kind },
    [
      createElement('span', { class: 'kind' }, [word(box.kind)]),
      createElement('span', { class: 'name' }, nameNodes(box.name)),
      box.detail ? createElement('span', { class: 'detail' }, [box.detail]) : undefined,
    ],
  );
  button.title = place ? `${word('reveal')}: ${place}` : box.name;
  button.addEventListener('click', () => {
    const [path] = box.paths;
    if (!onPath && path !== undefined) actions.choosePath(path);
    if (box.at) actions.reveal(box.at);
  });
  return button;
}

/** One tab stop for the whole diagram; arrows go along the way and between its forks. */
function moveByArrows(buttons: ReadonlyMap<WayBox, HTMLButtonElement>, chosen: number): void {
  const [first] = buttons.values();
  if (first) first.tabIndex = 0;
  const go = (from: HTMLButtonElement, to: WayBox | undefined) => {
    const target = to && buttons.get(to);
    if (!target) return;
    from.tabIndex = -1;
    target.tabIndex = 0;
    target.focus();
  };
  for (const [box, button] of buttons) {
    button.addEventListener('keydown', (event) => {
      const target = neighbour(box, event.key, [...buttons.keys()], chosen);
      if (!target) return;
      event.preventDefault();
      go(button, target);
    });
    button.addEventListener('focus', () => go(button, box), { once: false });
  }
}

function neighbour(box: WayBox, key: string, boxes: readonly WayBox[], chosen: number): WayBox | undefined {
  const siblings = box.parent?.children ?? [];
  switch (key) {
    case 'ArrowDown':
      return box.children.find((child) => child.paths.includes(chosen) && child.kind !== 'mirror') ?? box.children[0];
    case 'ArrowUp':
      return box.parent;
    case 'ArrowLeft':
      return siblings[siblings.indexOf(box) - 1];
    case 'ArrowRight':
      return siblings[siblings.indexOf(box) + 1];
    case 'Home':
      return boxes[0];
    case 'End':
      return boxes.findLast((candidate) => candidate.paths.includes(chosen));
    default:
      return undefined;
  }
}

function placeWay(element: HTMLElement, buttons: ReadonlyMap<WayBox, HTMLButtonElement>, chosen: number): void {
  element.querySelectorAll('.edge-label, svg').forEach((old) => old.remove());
  const sizeOf = (box: WayBox) => {
    const button = buttons.get(box);
    return { width: button?.offsetWidth ?? 0, height: button?.offsetHeight ?? 0 };
  };
  const placed = layoutWay([...buttons.keys()], chosen, { sizeOf, labelWidth: (label) => label.length * 7 + 12 });
  for (const [box, { x, y }] of placed.places) {
    const button = buttons.get(box);
    if (button) Object.assign(button.style, { left: `${x}px`, top: `${y}px` });
  }
  Object.assign(element.style, { width: `${placed.width}px`, height: `${placed.height}px` });
  element.prepend(drawEdges(placed, chosen));
  element.append(...edgeLabels(placed));
}

const svgNamespace = 'http://www.w3.org/2000/svg';

function drawEdges(placed: WayLayout, chosen: number): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  for (const [key, value] of Object.entries({ width: placed.width, height: placed.height, 'aria-hidden': 'true' }))
    svg.setAttribute(key, String(value));
  // The chosen path last, so that its lines lie above the others.
  const ordered = placed.edges.toSorted((a, b) => Number(a.to.paths.includes(chosen)) - Number(b.to.paths.includes(chosen)));
  for (const { to, points } of ordered) {
    const line = document.createElementNS(svgNamespace, 'polyline');
    line.setAttribute('points', points.map(({ x, y }) => `${x},${y}`).join(' '));
    line.setAttribute('class', `edge ${to.kind === 'mirror' ? 'mirror' : ''} ${to.paths.includes(chosen) ? '' : 'aside'}`);
    const end = points.at(-1);
    const head = document.createElementNS(svgNamespace, 'path');
    if (end) head.setAttribute('d', `M${end.x - 4},${end.y - 7} L${end.x},${end.y} L${end.x + 4},${end.y - 7} Z`);
    head.setAttribute('class', `head ${to.paths.includes(chosen) ? '' : 'aside'}`);
    svg.append(line, head);
  }
  return svg;
}

function edgeLabels(placed: WayLayout): HTMLElement[] {
  return placed.edges.flatMap(({ to, label }) => {
    if (!to.edge || !label) return [];
    const element = createElement('span', { class: 'edge-label' }, [to.edge]);
    Object.assign(element.style, { left: `${label.x}px`, top: `${label.y}px` });
    return [element];
  });
}

function lightBoxes(buttons: ReadonlyMap<WayBox, HTMLButtonElement>, uri: string, line: number): HTMLElement | undefined {
  const lit = [...buttons].filter(([{ at }]) => at?.uri === uri && at.line <= line && line <= at.endLine);
  const length = ({ at }: WayBox) => (at ? at.endLine - at.line : Infinity);
  const smallest = Math.min(...lit.map(([box]) => length(box)));
  for (const [box, button] of buttons) {
    const isLit = lit.some(([candidate]) => candidate === box);
    const isInner = isLit && length(box) === smallest;
    button.classList.toggle('lit', isLit);
    button.classList.toggle('inner', isInner);
    if (isInner) button.setAttribute('aria-current', 'location');
    else button.removeAttribute('aria-current');
  }
  return lit.find(([box]) => length(box) === smallest)?.[1];
}
