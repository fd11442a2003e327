/** Tokens after an edit: an edit of the last answer that gives the new one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeTokenDeltas } from '../../../server/src/lsp/requests/tokenDeltas';

/** The client's part: the old answer with the edits in it. */
function apply(before: readonly number[], edits: readonly { start: number; deleteCount: number; data?: number[] }[]): number[] {
  return edits.reduce((data, { start, deleteCount, data: inserted = [] }) => data.toSpliced(start, deleteCount, ...inserted), [...before]);
}

test('the edits of the old answer give the new one', () =>
  fc.assert(
    fc.property(fc.array(fc.nat(3)), fc.array(fc.nat(3)), (before, after) => {
      const deltas = makeTokenDeltas();
      const { resultId = '' } = deltas.whole('a', { data: before });
      const answer = deltas.since('a', resultId, { data: after });
      expect('edits' in answer ? apply(before, answer.edits) : answer.data).toEqual(after);
    }),
  ));
test('what has not changed needs no edit; what has, one small one', () => {
  const deltas = makeTokenDeltas();
  const { resultId: first = '' } = deltas.whole('a', { data: [1, 2, 3, 4] });
  const same = deltas.since('a', first, { data: [1, 2, 3, 4] });
  expect(same).toMatchObject({ edits: [] });
  expect(deltas.since('a', same.resultId ?? '', { data: [1, 9, 3, 4] })).toMatchObject({
    edits: [{ start: 1, deleteCount: 1, data: [9] }],
  });
});
test('an answer that is not the last one, or of another document, is no beginning', () => {
  const deltas = makeTokenDeltas();
  const { resultId: first = '' } = deltas.whole('a', { data: [1] });
  deltas.whole('a', { data: [2] });
  expect(deltas.since('a', first, { data: [3] })).toMatchObject({ data: [3] });
  expect(deltas.since('b', first, { data: [4] })).toMatchObject({ data: [4] });
});
