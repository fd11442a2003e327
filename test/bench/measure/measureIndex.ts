/** Cold index: from a text to a snapshot with all links resolved, beside what others need to merely parse it. */
import { parseTree, visit } from 'jsonc-parser';
import { getLanguageService, TextDocument } from 'vscode-json-languageservice';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { parseText } from '../../../server/src/syntax/parseText';
import { interleave, retainedBytes, type Tasks } from './interleave';
import type { Report, Subject } from './report';
import { resolveLinks } from '../../../server/src/index/links/resolveLinks';
import type { Snapshot } from '../../../server/src/index/snapshot';

export interface IndexCase {
  readonly name: string;
  readonly text: string;
  readonly rounds: number;
  /** Run the slow peers too. */
  readonly peers: boolean;
  readonly floor: number;
  readonly aim: number;
}

let former: Snapshot | undefined;

/** The snapshot with every link resolved. As in a server, the snapshot of a small file stays: code compiled for its objects is not dropped. */
export function indexText(text: string): { snapshot: Snapshot; links: number } {
  const snapshot = buildSnapshot([{ uri: 'dump.json', text }]);
  former ??= snapshot;
  return { snapshot, links: resolveLinks(snapshot, 'dump.json').size };
}

export function measureIndex(report: Report, { name, text, rounds, peers, floor, aim }: IndexCase): Subject {
  const timings = interleave({ ...ownTasks(text), ...(peers && peerTasks(text)) }, rounds, warmUpOf(text));
  const retained = {
    'JSON.parse': retainedBytes(() => JSON.parse(text) as unknown),
    snapshot: retainedBytes(() => indexText(text).snapshot),
    ...(peers && { 'jsonc-parser parseTree': retainedBytes(() => parseTree(text)) }),
  };
  const subject: Subject = { name, bytes: text.length, timings: [...timings.values()], retained };
  report.subjects.push(subject);
  const medianOf = (task: string) => timings.get(task)?.median ?? NaN;
  report.figures.push({
    work: 'text → snapshot, all links',
    on: name,
    value: medianOf('index') / medianOf('JSON.parse'),
    unit: 'ratio',
    reference: 'JSON.parse',
    floor,
    aim,
  });
  report.figures.push({
    work: 'retained memory',
    on: name,
    value: retained.snapshot / text.length,
    unit: 'ratio',
    reference: 'bytes of the text',
    floor: 1,
    aim: 0.6,
  });
  return subject;
}

/** Rounds that warm up: as many as it takes to read 60 MB, two at least and twelve at most. In small texts the engine meets each function seldom. */
function warmUpOf(text: string): number {
  const ENOUGH = 60_000_000;
  return Math.min(12, Math.max(2, Math.ceil(ENOUGH / text.length)));
}

function ownTasks(text: string): Tasks {
  return {
    'read only': () => readOnly(text),
    'JSON.parse': () => JSON.parse(text) as unknown,
    tape: () => parseText('dump.json', text),
    index: () => indexText(text),
  };
}

function peerTasks(text: string): Tasks {
  const service = getLanguageService({});
  const visitor = { onLiteralValue: () => undefined };
  return {
    'jsonc-parser visit': (): unknown => visit(text, visitor),
    'jsonc-parser parseTree': () => parseTree(text),
    'vscode-json-languageservice': () => service.parseJSONDocument(TextDocument.create('file:///dump.json', 'json', 1, text)),
  };
}

/** The physical floor: every character is copied into a small buffer and looked at, and that is all. */
function readOnly(text: string): number {
  const WINDOW = 1 << 15;
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(WINDOW);
  let sum = 0;
  for (let at = 0; at < text.length; at += WINDOW) {
    const { written } = encoder.encodeInto(text.slice(at, at + WINDOW), bytes);
    for (let index = 0; index < written; index++) sum = (sum + (bytes[index] ?? 0)) | 0;
  }
  return sum;
}
