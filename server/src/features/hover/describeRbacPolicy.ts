/** Hover of a policy of an RBAC filter: what its action is, for whom and for what, in words. */
import { snakeCase, type ConfigNode } from '../../schema/configNode';
import { code } from '../writing/markdown';
import { describeComparison } from './describeComparison';
import { inWords } from '../../text/inWords';

/** Deeper rules, and more of one kind, are left to the file. */
const MAX_DEPTH = 6;
const MAX_RULES = 6;

/** `node`: the value in the map of policies. [] elsewhere. */
export function describeRbacPolicy(node: ConfigNode): string[] {
  const rules = node.parent?.isField('policies') ? node.parent.parent : undefined;
  if (!rules || !node.has('permissions') || !node.has('principals')) return [];
  const action = rules.enumName('action') || 'ALLOW';
  return [
    `**${action}**${rules.isField('shadow_rules') ? ', only counted (shadow rules)' : ''}`,
    `Who: ${joined(node.list('principals'), ' or ', 0)}`,
    `What: ${joined(node.list('permissions'), ' or ', 0)}`,
  ];
}

function joined(rules: readonly ConfigNode[], word: string, depth: number): string {
  const shown = rules.slice(0, MAX_RULES).map((each) => describeRule(each, depth));
  return [...shown, ...(rules.length > MAX_RULES ? ['…'] : [])].join(word) || 'nobody';
}

function describeRule(rule: ConfigNode, depth: number): string {
  const [field = '', value] = rule.entries().find(([key]) => key !== '@type') ?? [];
  if (!value || depth > MAX_DEPTH) return '…';
  const name = snakeCase(field);
  const list = value.list('rules').length > 0 ? value.list('rules') : value.list('ids');
  switch (name) {
    case 'any':
      return 'any';
    case 'and_rules':
    case 'and_ids':
      return enclose(list, ' and ', depth);
    case 'or_rules':
    case 'or_ids':
      return enclose(list, ' or ', depth);
    case 'not_rule':
    case 'not_id':
      return `not ${describeRule(value, depth + 1)}`;
    case 'authenticated':
      return value.has('principal_name') ? `identity ${describeComparison(value.get('principal_name'))}` : 'any identity';
    case 'header':
      return `${isInverted(value) ? 'not ' : ''}header ${code(value.string('name'))} ${describeComparison(value)}`;
    case 'url_path':
      return `path ${describeComparison(value.get('path'))}`;
    case 'uri_template':
      return `path fits ${describeComparison(value)}`;
    case 'metadata':
      return describeMetadataRule(value, '');
    case 'sourced_metadata':
      return describeMetadataRule(value.get('metadata_matcher') ?? value, sourceOf(value));
    case 'destination_port_range':
      return `destination port ${describeComparison(value)}`;
    case 'matcher':
    case 'custom':
      return `what ${describeComparison(value)} says`;
    default:
      return `${inWords(name)} ${value.has('key') ? `${code(value.string('key'))} ` : ''}${describeComparison(value)}`;
  }
}

function enclose(rules: readonly ConfigNode[], word: string, depth: number): string {
  return rules.length > 1 ? `(${joined(rules, word, depth + 1)})` : joined(rules, word, depth + 1);
}

/** A `HeaderMatcher` that must not hold; that one must be absent is said by itself. */
function isInverted(header: ConfigNode): boolean {
  return header.bool('invert_match') === true && !header.has('present_match');
}

/** `SourcedMetadata` (envoy.config.rbac.v3): whose metadata is asked. */
function sourceOf(rule: ConfigNode): string {
  return rule.isEnum('metadata_source', 'ROUTE', 1) ? 'route ' : '';
}

/** `MetadataMatcher` of envoy.type.matcher.v3: a namespace, the keys in it, and the value. */
function describeMetadataRule(matcher: ConfigNode, source: string): string {
  const keys = [matcher.string('filter'), ...matcher.list('path').map((segment) => segment.string('key'))];
  return `${matcher.bool('invert') ? 'not ' : ''}${source}metadata ${code(keys.join(' › '))} ${describeComparison(matcher.get('value'))}`;
}
