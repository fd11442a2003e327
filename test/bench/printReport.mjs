// One table for people: what was measured, against what, and whether it holds.

export function printReport({ environment, subjects, figures }) {
  const { node, origin, cpu, cores } = environment;
  console.log(`\nNode ${node} (${origin}), ${cpu}, ${cores} cores\n`);
  const rows = [['subject', 'task', 'median ms', 'quarters', 'MB/s', 'kept MB']];
  for (const { name, bytes, timings, retained, isPeak } of subjects)
    timings.forEach(({ task, median, low, high }, index) => {
      const kept = retained?.[task] ?? retained?.[task === 'index' ? 'snapshot' : ''];
      rows.push([
        index === 0 ? name : '',
        task,
        short(median),
        `${short(low)}–${short(high)}`,
        bytes > 0 ? short(bytes / 1000 / median) : '',
        kept === undefined ? '' : `${short(kept / 1e6)}${isPeak ? ' peak' : ''}`,
      ]);
    });
  printTable(rows);
  console.log('');
  printTable([
    ['work', 'on', 'figure', 'at most', 'aim', 'of', ''],
    ...figures.map((figure) => [
      figure.work,
      figure.on,
      short(figure.value) + UNITS[figure.unit],
      (figure.unit === 'per second' ? '≥ ' : '') + short(figure.floor),
      short(figure.aim),
      figure.reference,
      holds(figure) ? 'holds' : 'behind',
    ]),
  ]);
}

const UNITS = { 'per second': '/s', ms: ' ms', ratio: ' ×' };

function holds({ unit, value, floor }) {
  return floor === null || (unit === 'per second' ? value >= floor : value <= floor);
}

/** JSON has no infinity: what has no limit is only reported. */
function short(value) {
  if (value === null || value === Infinity) return '';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    );
}
