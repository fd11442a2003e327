/** What an outline shows below an Istio or Gateway API resource: its routes, subsets, servers, rules, patches. */
import { meshConfigOf, specMessagesOf } from '../../model/istio/istioSpec';
import type { ConfigNode } from '../../schema/configNode';

export interface IstioOutlinePart {
  readonly node: ConfigNode;
  /** Of the field in whose list it is. Example: `http` */
  readonly list: string;
  readonly index: number;
}

/** The items of the lists of objects in `spec`, in file order; references to other resources are no parts. [] for other kinds. */
export function istioPartsOf(resource: ConfigNode): IstioOutlinePart[] {
  const body = specMessagesOf(resource).length > 0 ? resource.get('spec') : meshConfigOf(resource);
  return (body?.entries() ?? []).flatMap(([list, value]) =>
    /Refs?$/.test(list) ? [] : value.items().flatMap((node, index) => (node.isObject ? [{ node, list, index }] : [])),
  );
}

/** Its own name, else what tells it from its neighbours, else its number. */
export function nameOfIstioPart(node: ConfigNode, list: string, index: number): string {
  const port = node.get('port');
  const own = node.string('name') || port?.string('name') || node.string('issuer') || node.string('applyTo') || node.string('address');
  return own || `${list} ${index}`;
}

/** Where it leads or what it chooses. */
export function detailOfIstioPart(node: ConfigNode): string {
  const port = node.get('port');
  const listens = port?.isObject
    ? `${port.string('protocol')} ${port.string('number')}`
    : node.has('protocol')
      ? `${node.string('protocol')} ${port?.asString() ?? node.string('number')}`
      : '';
  const hosts = node.list('hosts').flatMap((host) => host.asString() ?? []);
  const labels = node.map('labels').map(([key, value]) => `${key}=${value.asString() ?? ''}`);
  const words = [
    listens,
    ...hosts.slice(0, 3),
    ...labels.slice(0, 3),
    destinationsOf(node),
    node.path('patch', 'operation')?.asString() ?? '',
  ];
  return words.filter(Boolean).join(' ').slice(0, 200);
}

function destinationsOf(node: ConfigNode): string {
  const routed = node.list('route').map((each) => {
    const destination = each.get('destination');
    return [destination?.string('host'), destination?.string('subset')].filter(Boolean).join(' ');
  });
  const backends = node.list('backendRefs').map((each) => each.string('name'));
  const all = [...new Set([...routed, ...backends])].filter(Boolean);
  if (all.length > 0) return `to ${all.slice(0, 3).join(', ')}${all.length > 3 ? ' …' : ''}`;
  return node.has('redirect') ? 'redirects' : node.has('directResponse') ? 'answers itself' : '';
}
