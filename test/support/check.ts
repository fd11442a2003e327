/** One check a feature: a fixture with its cursor and its expected ranges. */
import { expect } from 'vitest';
import type { Location, LocationLink } from 'vscode-languageserver-types';
import { findDeclaration, findDefinition, findImplementation, findTypeDefinition } from '../../server/src/features/definition';
import { findHover } from '../../server/src/features/hover/hover';
import { findReferences } from '../../server/src/features/references';
import { collectDiagnostics, spanOfProblem } from '../../server/src/features/diagnostics/collectDiagnostics';
import { offsetsOf, placeOf, readFixture, snapshotOf, type Fixture } from './fixture';

/** The ranges that the editor selects after the jump, in the order of the answer. */
export function checkDefinition(source: string): void {
  checkLinks(readFixture(source), findDefinition);
}

export function checkDeclaration(source: string): void {
  checkLinks(readFixture(source), findDeclaration);
}

export function checkImplementation(source: string): void {
  checkLinks(readFixture(source), findImplementation);
}

export function checkTypeDefinition(source: string): void {
  checkLinks(readFixture(source), findTypeDefinition);
}

/** Uses, without the definition. */
export function checkReferences(source: string): void {
  const fixture = readFixture(source);
  const found = findReferences(placeOf(fixture), false).map(({ uri, range }: Location) => offsetsOf(fixture, uri, range));
  expect(sorted(found)).toEqual(sorted(fixture.expected));
}

/** The hover's Markdown; undefined where there is none. */
export function hoverText(source: string): string | undefined {
  const contents = findHover(placeOf(readFixture(source)))?.contents;
  return contents !== undefined && typeof contents === 'object' && 'value' in contents ? contents.value : undefined;
}

export function checkHover(source: string, ...parts: string[]): void {
  const text = hoverText(source);
  for (const part of parts) expect(text).toContain(part);
}

/** The rule's problems are exactly the marked ranges. */
export function checkDiagnostic(code: string, source: string): void {
  const fixture = readFixture(source);
  const snapshot = snapshotOf(fixture);
  const found = fixture.files.flatMap(({ uri, text }) =>
    collectDiagnostics(snapshot, uri)
      .filter((problem) => problem.code === code)
      .map((problem) => {
        const { start, end } = spanOfProblem(problem);
        return { uri, start, end, text: text.slice(start, end) };
      }),
  );
  expect(sorted(found)).toEqual(sorted(fixture.expected));
}

function checkLinks(fixture: Fixture, find: (place: ReturnType<typeof placeOf>) => LocationLink[]): void {
  const found = find(placeOf(fixture)).map(({ targetUri, targetSelectionRange }) => offsetsOf(fixture, targetUri, targetSelectionRange));
  expect(sorted(found)).toEqual(sorted(fixture.expected));
}

function sorted<Range extends { uri: string; start: number }>(ranges: readonly Range[]): Range[] {
  return [...ranges].sort((a, b) => (a.uri === b.uri ? a.start - b.start : a.uri < b.uri ? -1 : 1));
}
