/**
 * Fixture strings: the string is the test. `//- name.json` starts a file; `<|>` is the cursor; `‹|…|›` are the expected ranges.
 * A fixture without `//-` is one file `config.yaml` (or `config.json`, where it begins with a brace).
 */
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import type { Snapshot } from '../../server/src/index/snapshot';

export interface Fixture {
  readonly files: readonly { readonly uri: string; readonly text: string }[];
  readonly cursor: { readonly uri: string; readonly offset: number } | undefined;
  /** In the order of the files and of the text. */
  readonly expected: readonly { readonly uri: string; readonly start: number; readonly end: number; readonly text: string }[];
}

const MARK = /<\|>|‹\||\|›/g;

export function readFixture(source: string): Fixture {
  const files: { uri: string; text: string }[] = [];
  const expected: { uri: string; start: number; end: number; text: string }[] = [];
  let cursor: Fixture['cursor'];
  for (const { uri, marked } of splitFiles(source)) {
    const open: number[] = [];
    let text = '';
    let end = 0;
    const ranges: { start: number; end: number }[] = [];
    for (const { 0: mark, index } of marked.matchAll(MARK)) {
      text += marked.slice(end, index);
      end = index + mark.length;
      if (mark === '<|>') cursor = { uri, offset: text.length };
      else if (mark === '‹|') open.push(text.length);
      else ranges.push({ start: open.pop() ?? 0, end: text.length });
    }
    text += marked.slice(end);
    if (open.length > 0) throw new Error(`${uri}: a range is not closed`);
    files.push({ uri, text });
    ranges.sort((a, b) => a.start - b.start);
    expected.push(...ranges.map((range) => ({ uri, ...range, text: text.slice(range.start, range.end) })));
  }
  return { files, cursor, expected };
}

function splitFiles(source: string): { uri: string; marked: string }[] {
  if (!/^\/\/- /m.test(source))
    return [
      { uri: source.trimStart().startsWith('{') || source.trimStart().startsWith('[') ? 'config.json' : 'config.yaml', marked: source },
    ];
  return source
    .split(/^\/\/- /m)
    .slice(1)
    .map((part) => {
      const lineEnd = part.indexOf('\n');
      return { uri: part.slice(0, lineEnd).trim(), marked: part.slice(lineEnd + 1) };
    });
}

export function snapshotOf(fixture: Fixture): Snapshot {
  return buildSnapshot(fixture.files);
}

/** The place of the cursor; throws where the fixture has none. */
export function placeOf(fixture: Fixture): { snapshot: Snapshot; uri: string; offset: number } {
  if (!fixture.cursor) throw new Error('the fixture has no cursor <|>');
  return { snapshot: snapshotOf(fixture), ...fixture.cursor };
}

/** An LSP range as offsets and text of a fixture's file. */
export function offsetsOf(
  fixture: Fixture,
  uri: string,
  range: { start: LspPosition; end: LspPosition },
): { uri: string; start: number; end: number; text: string } {
  const file = fixture.files.find((each) => each.uri === uri);
  if (!file) throw new Error(`no file ${uri}`);
  const start = offsetOf(file.text, range.start);
  const end = offsetOf(file.text, range.end);
  return { uri, start, end, text: file.text.slice(start, end) };
}

interface LspPosition {
  line: number;
  character: number;
}

function offsetOf(text: string, { line, character }: LspPosition): number {
  const lines = text.split('\n');
  return lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
}
