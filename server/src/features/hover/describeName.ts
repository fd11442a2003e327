/** A name: what it names, in this proxy or in another one, or why nothing is found. */
import { proxiesOf } from '../../index/buildSnapshot';
import { namedMessage } from '../../index/links/definitionsOf';
import type { NamedPlace } from '../../index/names/documentNames';
import { elsewhere, isReference, resolveLink, type LinkTarget } from '../../index/links/links';
import type { ProxyScope } from '../../index/proxyScope';
import { explainIstioName, type NamedKind } from '../../model/istio/explainIstioName';
import { isOfIstio } from '../known/isOfIstio';
import { code, escapeMarkdown } from '../writing/markdown';
import type { Place } from '../place/place';
import { titleOfKind } from './describeDefinition';
import { describeMessage } from './describeMessage';
import { describeMissingResource, describeSecretName } from './describeText';
import type { Snapshot } from '../../index/snapshot';

export function describeName({ snapshot, uri }: Place, name: NamedPlace): string | undefined {
  if (!isReference(name)) {
    const [proxy] = proxiesOf(snapshot, uri);
    return proxy && describeMessage({ snapshot, proxy, node: namedMessage(name) });
  }
  const { status, targets } = resolveLink(snapshot, name);
  const own = describeTargets(snapshot, targets);
  if (own !== undefined) return own;
  const others = elsewhere(snapshot, uri, name);
  const foreign = describeTargets(snapshot, others);
  if (foreign !== undefined) return `*Not in this proxy's files; this is how ${code(others[0]?.proxy.id ?? '')} has it:*\n\n${foreign}`;
  return describeUnresolved(snapshot, uri, { name, status });
}

function describeTargets(snapshot: Snapshot, targets: readonly LinkTarget[]): string | undefined {
  const texts = targets.slice(0, 3).flatMap(({ node, proxy }) => describeMessage({ snapshot, proxy, node }) ?? []);
  return texts.length > 0 ? texts.join('\n\n---\n\n') : undefined;
}

function describeUnresolved(snapshot: Snapshot, uri: string, { name, status }: { name: NamedPlace; status: string }): string | undefined {
  const proxy = proxiesOf(snapshot, uri).find((each) => each.parts.has(name.part));
  const title = [`**${titleOfKind(name.kind)}** ${code(name.name)}`, meaningOf(name, proxy)]
    .filter((each) => each !== undefined)
    .join('\n\n');
  switch (status) {
    case 'missing':
      return `${title}\n\nIt is not in this proxy's configuration.`;
    case 'external':
      if (name.kind === 'istio_config') return describeMissingResource(name.name);
      return `${title}\n\nIt is delivered from outside (xDS, an agent, or a file that is not open).`;
    default:
      return undefined;
  }
}

const MEANT: Partial<Record<NamedPlace['kind'], NamedKind>> = {
  cluster: 'cluster',
  endpoints: 'cluster',
  listener: 'listener',
  internal_listener: 'listener',
  filter_chain: 'filter_chain',
  route_configuration: 'route_configuration',
};

/** What the makers of the mesh mean by a name that is not in the files. */
function meaningOf({ kind, name }: NamedPlace, proxy: ProxyScope | undefined): string | undefined {
  if (kind === 'secret') return describeSecretName(name);
  const named = MEANT[kind];
  const words = named && proxy ? explainIstioName(named, name, isOfIstio(proxy)) : undefined;
  return words === undefined ? undefined : escapeMarkdown(words);
}
