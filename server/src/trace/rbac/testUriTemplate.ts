/** `uri_template` of a permission (Envoy: matchers.cc UriTemplateMatcher, extensions/path/match/uri_template). */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { readUriTemplate } from '../http/routeMatch/uriTemplate';
import { fullMatch } from '../matcher/regex';
import { say, words } from '../record/sentence';
import { no, unknown, YES, type Verdict } from '../verdict';
import { rbacPath } from './rbacPath';
import type { RbacContext } from './rbacDecision';

const templateOf = memoizeByNode((config) => readUriTemplate(config.string('path_template')));

export function testUriTemplate(extension: ConfigNode, context: RbacContext): Verdict {
  const path = rbacPath(context);
  if (path === undefined) return no(words('there is no path'), extension);
  const config = extension.typed()?.node;
  const template = config && templateOf(config);
  if (!config || !template) return unknown(say`what the path matcher ${extension.string('name')} says`, extension);
  return fullMatch(template.regex, path) ? YES : no(say`path is ${path}, must fit ${config.string('path_template')}`, config);
}
