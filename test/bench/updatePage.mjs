// Writes the figures of a run into docs/performance.md, between its markers, so that no number there is typed by hand.
import fs from 'node:fs';

/** The first run's Node comes first; the second, where there is one, beside it. */
export function updatePage(file, runs) {
  const sections = { figures: figureTable(runs), readers: readerTable(runs[0]), machine: machineLine(runs) };
  let page = fs.readFileSync(file, 'utf8');
  for (const [name, text] of Object.entries(sections)) {
    const marked = new RegExp(`(<!-- ${name} -->)[^]*?(<!-- /${name} -->)`);
    page = page.replace(marked, (_, open, close) => `${open}\n\n${text}\n\n${close}`);
  }
  fs.writeFileSync(file, page);
}

function machineLine(runs) {
  const { cpu, cores } = runs[0].environment;
  const nodes = runs.map(({ environment: { node, origin } }) => `Node ${node} (${origin})`).join(', ');
  return `Machine: ${cpu}, ${cores} cores. ${nodes}.`;
}

function figureTable([first, ...others]) {
  const rows = first.figures.map((figure) => [
    figure.work,
    figure.on,
    shown(figure, figure.value),
    ...others.map(({ figures }) => shown(figure, figures.find(({ work, on }) => work === figure.work && on === figure.on)?.value)),
    shown(figure, figure.floor),
    shown(figure, figure.aim),
    figure.floor === null ? 'reported' : holds(figure) ? 'holds' : 'misses',
  ]);
  const nodes = [first, ...others].map(({ environment }) => `Node ${environment.node.slice(1).split('.')[0]}`);
  return table([['work', 'on', ...nodes, 'at most', 'aim', ''], ...rows]);
}

/** Milliseconds of every reader on the dumps that all of them read. */
function readerTable({ subjects }) {
  const compared = subjects.filter(({ timings }) => timings.some(({ task }) => task === 'jsonc-parser parseTree'));
  const tasks = compared[0]?.timings.map(({ task }) => task) ?? [];
  const cell = ({ timings, retained }, task) => {
    const timing = timings.find((each) => each.task === task);
    const kept = retained?.[task === 'index' ? 'snapshot' : task];
    return timing ? `${short(timing.median)} ms${kept === undefined ? '' : `, keeps ${short(kept / 1e6)} MB`}` : '';
  };
  return table([
    ['', ...compared.map(({ name }) => name)],
    ...tasks.map((task) => [task, ...compared.map((subject) => cell(subject, task))]),
  ]);
}

function holds({ unit, value, floor }) {
  return unit === 'per second' ? value >= floor : value <= floor;
}

function shown({ unit, reference }, value) {
  // JSON has no infinity: what has no limit is only reported.
  if (value === undefined || value === null) return '';
  if (unit === 'ms') return `${short(value)} ms`;
  return unit === 'per second' ? `${short(value)}/s` : `${short(value)} × ${reference}`;
}

function short(value) {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}

function table([head, ...rows]) {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
