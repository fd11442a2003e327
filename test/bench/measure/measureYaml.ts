/** YAML as tools print it, read into the tree, beside the libraries. */
import { load } from 'js-yaml';
import { parseDocument } from 'yaml';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { interleave } from './interleave';
import type { Report } from './report';
import { resolveLinks } from '../../../server/src/index/links/resolveLinks';

export function measureYaml(report: Report, { name, text, rounds }: { name: string; text: string; rounds: number }): void {
  const timings = interleave(
    {
      index: () => resolveLinks(buildSnapshot([{ uri: 'dump.yaml', text }]), 'dump.yaml').size,
      'js-yaml load': () => load(text),
      'yaml parseDocument': () => parseDocument(text),
    },
    rounds,
    1,
  );
  report.subjects.push({ name, bytes: text.length, timings: [...timings.values()] });
  report.figures.push({
    work: 'YAML → snapshot, all links',
    on: name,
    value: (timings.get('index')?.median ?? NaN) / (timings.get('yaml parseDocument')?.median ?? NaN),
    unit: 'ratio',
    reference: 'yaml parseDocument',
    floor: 0.4,
    aim: 0.15,
  });
}
