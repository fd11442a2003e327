// Whole processes, cold: the command line on a large dump, beside one that only reads the file and parses it; time and peak memory.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const ROUNDS = 5;
const PEAK = `process.on('exit', () => require('fs').writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));`;

export function measureProcesses(report, { node, out }) {
  const file = path.join(out, 'dump-200.json');
  spawnSync(node, [path.join(out, 'writeDump.cjs'), file, '200'], { stdio: 'inherit' });
  const peakScript = path.join(out, 'peak.cjs');
  fs.writeFileSync(peakScript, PEAK);
  const request = path.join(out, 'request.json');
  fs.writeFileSync(request, JSON.stringify({ connection: { destination: '10.96.0.1:80', capture: 'outbound' } }));
  const programs = {
    'read and JSON.parse': ['-e', `JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8'))`, file],
    'envoy-lens trace': [path.join(out, 'cli.cjs'), 'trace', '--request', request, file],
  };
  const times = new Map(Object.keys(programs).map((name) => [name, []]));
  const peaks = {};
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, args] of Object.entries(programs)) {
      const peakFile = path.join(out, 'peak.txt');
      const start = performance.now();
      const { status, stderr } = spawnSync(node, ['--max-old-space-size=6000', '-r', peakScript, ...args], {
        env: { ...process.env, PEAK_FILE: peakFile },
        encoding: 'utf8',
      });
      times.get(name).push(performance.now() - start);
      if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
      peaks[name] = Math.max(peaks[name] ?? 0, Number(fs.readFileSync(peakFile, 'utf8')) * 1024);
    }
  const timings = [...times].map(([task, spent]) => {
    const sorted = spent.sort((a, b) => a - b);
    return { task, median: sorted[ROUNDS >> 1], low: sorted[1], high: sorted[ROUNDS - 2], rounds: ROUNDS };
  });
  report.subjects.push({ name: 'whole process, sidecar 200 MB', bytes: fs.statSync(file).size, timings, retained: peaks, isPeak: true });
  const median = (task) => timings.find((timing) => timing.task === task).median;
  report.figures.push({
    work: 'trace by the command line, cold',
    on: 'sidecar 200 MB',
    value: median('envoy-lens trace') / median('read and JSON.parse'),
    unit: 'ratio',
    reference: 'read and JSON.parse',
    floor: 1.5,
    aim: 1,
  });
  fs.rmSync(file);
}
