/** The conditions under which a filter chain is taken, as data: by its own match, or by the branches of the listener's matcher. */
import type { ConfigNode } from '../../schema/configNode';
import { actionsOf, chainNameOf, conditionsTo, type MatcherCondition } from './matcherBranch';

export interface ChainCriterion {
  /** Example: `destination port`, `SNI` */
  readonly what: string;
  readonly values: readonly string[];
}

/** The criteria of a FilterChainMatch in Envoy's order (source/common/listener_manager/filter_chain_manager_impl.cc). */
export function chainCriteria(match: ConfigNode | undefined): ChainCriterion[] {
  if (!match) return [];
  const texts = (field: string) => match.list(field).map((each) => each.asString() ?? '');
  const ranges = (field: string) =>
    match.list(field).map((range) => `${range.string('address_prefix')}/${range.number('prefix_len') ?? 0}`);
  const single = (field: string) => (match.has(field) ? [match.string(field)] : []);
  const sourceType = single('source_type').filter((type) => type !== 'ANY' && type !== '0');
  const criteria: ChainCriterion[] = [
    { what: 'destination port', values: single('destination_port') },
    { what: 'destination IP', values: ranges('prefix_ranges') },
    { what: 'SNI', values: texts('server_names') },
    { what: 'transport', values: single('transport_protocol') },
    { what: 'ALPN', values: texts('application_protocols') },
    { what: 'direct source IP', values: ranges('direct_source_prefix_ranges') },
    { what: 'source type', values: sourceType },
    { what: 'source IP', values: ranges('source_prefix_ranges') },
    { what: 'source port', values: texts('source_ports') },
  ];
  return criteria.filter(({ values }) => values.length > 0);
}

/** The conditions as plain text. Example: `destination port 9080, SNI a.com or b.com` */
export function describeChainConditions(listener: ConfigNode, chain: ConfigNode): string {
  const matcher = listener.get('filter_chain_matcher');
  if (!matcher)
    return chainCriteria(chain.get('filter_chain_match'))
      .map(({ what, values }) => `${what} ${shorten(values)}`)
      .join(', ');
  const name = chain.string('name');
  const branches = actionsOf(matcher).filter((action) => chainNameOf(action) === name);
  const described = branches.slice(0, 3).map((action) => conditionsTo(action).map(describeCondition).join(', ') || 'always');
  return described.join(' | ') + (branches.length > 3 ? ` | and ${branches.length - 3} more` : '');
}

function describeCondition({ input, test, values }: MatcherCondition): string {
  switch (test) {
    case 'otherwise':
      return `other ${input || 'connections'}`;
    case 'predicate':
      return 'its predicate';
    case 'begins_with':
      return `${input} begins with ${shorten(values)}`;
    case 'is':
    case 'in_range':
    case 'in_domain':
      return `${input} ${shorten(values)}`;
  }
}

function shorten(values: readonly string[]): string {
  return values.slice(0, 4).join(' or ') + (values.length > 4 ? ` or ${values.length - 4} more` : '');
}
