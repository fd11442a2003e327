/** MetadataMatcher of envoy.type.matcher.v3 (Envoy: source/common/common/matchers.cc MetadataMatcher::match). */
import type { ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import { mayLackEntries } from '../../schema/mayLackEntries';
import { say } from '../record/sentence';
import { invert, unknown, type Verdict } from '../verdict';
import { followPath } from './inputs/httpInputs';
import { testValue } from './valueMatcher';

/** Tests the value under `filter` and `path` of dynamic metadata (by namespace). A path that leads nowhere fails, unless inverted. */
export function testMetadata(matcher: ConfigNode, metadata: ReadonlyMap<string, unknown>): Verdict {
  const namespace = matcher.string('filter');
  const path = matcher.list('path').map((segment) => segment.string('key'));
  const what = say`metadata ${[namespace, ...path].join(':')}`;
  const isCut = mayLackEntries(matcher, 'path') || matcher.list('path').some((segment) => segment.isIncomplete);
  if (isCut || [namespace, ...path].includes(KEPT_BACK)) return unknown(say`the namespace or the path of the ${what}`, matcher);
  const verdict = testValue(matcher.get('value'), followPath(metadata.get(namespace), path), what);
  return matcher.bool('invert') === true ? invert(verdict, say`${what} fits, and must not`, matcher) : verdict;
}
