// The pictures of docs/performance.md: lines over logarithmic axes, readable on light and dark pages.
import fs from 'node:fs';
import path from 'node:path';

const WIDTH = 640;
const HEIGHT = 360;
const BOX = { left: 64, right: 180, top: 40, bottom: 48 };
const COLOURS = ['#3b82f6', '#d97706', '#059669', '#9333ea', '#dc2626', '#64748b', '#0891b2'];

export function drawCurves(report, folder) {
  fs.mkdirSync(folder, { recursive: true });
  const pretty = report.subjects.filter(({ name }) => /^sidecar [\d.]+ MB$/.test(name));
  const lines = (pick) => {
    const found = new Map();
    for (const subject of pretty)
      for (const [task, value] of pick(subject)) found.set(task, [...(found.get(task) ?? []), [subject.bytes / 1e6, value]]);
    return [...found].map(([name, points]) => ({ name, points }));
  };
  const pictures = {
    'performance-time.svg': {
      title: 'Time to read a dump (ms)',
      along: 'MB',
      lines: lines(({ timings }) => timings.map(({ task, median }) => [task, median])),
    },
    'performance-memory.svg': {
      title: 'Memory kept (MB)',
      along: 'MB',
      lines: lines(({ retained }) => Object.entries(retained).map(([task, bytes]) => [task, bytes / 1e6])),
    },
  };
  for (const { name, along, points } of report.curves)
    pictures['performance-trace.svg'] = { title: `${name} (ms)`, along, lines: [{ name: 'trace', points }] };
  for (const [file, picture] of Object.entries(pictures)) fs.writeFileSync(path.join(folder, file), draw(picture));
}

function draw({ title, along, lines }) {
  const all = lines.flatMap(({ points }) => points).filter(([x, y]) => x > 0 && y > 0);
  const horizontal = axis(
    all.map(([x]) => x),
    BOX.left,
    WIDTH - BOX.right,
  );
  const vertical = axis(
    all.map(([, y]) => y),
    HEIGHT - BOX.bottom,
    BOX.top,
  );
  const parts = [
    `<text x="${BOX.left}" y="22" font-size="15" font-weight="bold">${title}</text>`,
    ...horizontal.ticks.map(
      (tick) =>
        label(horizontal.at(tick), HEIGHT - BOX.bottom + 18, 'middle', tick) +
        rule(horizontal.at(tick), BOX.top, horizontal.at(tick), HEIGHT - BOX.bottom),
    ),
    ...vertical.ticks.map(
      (tick) =>
        label(BOX.left - 8, vertical.at(tick) + 4, 'end', tick) + rule(BOX.left, vertical.at(tick), WIDTH - BOX.right, vertical.at(tick)),
    ),
    label((BOX.left + WIDTH - BOX.right) / 2, HEIGHT - 10, 'middle', along),
  ];
  const ends = lines.map(({ points }) => vertical.at(points.at(-1)[1]));
  const labels = spread(ends, 14);
  lines.forEach(({ name, points }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const path = points.map(([x, y]) => `${horizontal.at(x).toFixed(1)},${vertical.at(y).toFixed(1)}`).join(' ');
    parts.push(`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    parts.push(`<text x="${WIDTH - BOX.right + 8}" y="${labels[index] + 4}" fill="${colour}" font-size="12">${name}</text>`);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" fill="#808080">\n${parts.join('\n')}\n</svg>\n`;
}

/** A logarithmic axis with a tick at every power of ten, or at both ends where there is none between. */
function axis(values, from, to) {
  const low = Math.log10(Math.min(...values));
  const high = Math.log10(Math.max(...values));
  const at = (value) => from + ((Math.log10(value) - low) / Math.max(high - low, 0.001)) * (to - from);
  const powers = Array.from({ length: 13 }, (_, index) => 10 ** (index - 4)).filter(
    (power) => Math.log10(power) >= low && Math.log10(power) <= high,
  );
  return { at, ticks: powers.length > 1 ? powers : [...powers, 10 ** low, 10 ** high].map((value) => Number(value.toPrecision(2))) };
}

/** Moves labels apart, in their order from top to bottom. */
function spread(wanted, distance) {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a] - wanted[b]);
  const placed = [...wanted];
  order.forEach((index, at) => {
    const above = order[at - 1];
    if (above !== undefined) placed[index] = Math.max(placed[index], placed[above] + distance);
  });
  return placed;
}

function label(x, y, anchor, text) {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="12">${text}</text>`;
}

function rule(x1, y1, x2, y2) {
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#808080" stroke-opacity="0.2"/>`;
}
