/** PathMatcher of envoy.type.matcher.v3: a string matcher on the path without query and fragment (Envoy: matchers.cc PathMatcher). */
import type { ConfigNode } from '../../schema/configNode';
import { say } from '../record/sentence';
import { unknown, type Verdict } from '../verdict';
import { readStringMatcher, testString } from './stringMatcher';

/** `type.matcher.v3.PathMatcher`: the path without its query (Envoy: PathMatcher::match of source/common/common/matchers.cc). */
export function testPath(matcher: ConfigNode, path: string): Verdict {
  const text = matcher.get('path');
  return text
    ? testString(readStringMatcher(text), pathWithoutQuery(path), say`path`)
    : unknown(say`what the path is compared with`, matcher);
}

/** Everything before the first `?` or `#`. */
export function pathWithoutQuery(path: string): string {
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}
