/** Completion of the names that Istio's and the Gateway API's resources give each other, as the workspace has them. */
import type { IstioNaming } from '../istio/istioNaming';
import { istioPlaceAt, istioPlaces, serviceOfCluster } from '../istio/istioPlaces';
import type { Cursor } from './cursor';
import { PLACEHOLDER } from './cursorToken';
import type { Candidate } from './writeCandidates';
import { kubernetesSecretOf } from '../../model/istio/istioNames';

/** [] elsewhere. */
export function completeIstioNames({ place, facts, node }: Cursor): Candidate[] {
  const naming = istioPlaceAt(facts, node)?.naming;
  if (!naming || naming.role === 'definition') return [];
  const names = new Set(naming.spelling === 'gateway' ? ['mesh'] : []);
  for (const each of known(place.snapshot, naming)) for (const spelled of spellings(each, naming)) names.add(spelled);
  const detail = naming.kind.slice(naming.kind.indexOf('/') + 1);
  return [...names].flatMap((name): Candidate[] =>
    name === '' || name.includes(PLACEHOLDER) ? [] : [{ name, kind: 'name', detail, rank: 0 }],
  );
}

interface KnownName {
  readonly scope: string;
  readonly name: string;
}

/** What resources define of the kind, and the services and secrets that the dumps know. */
function* known(snapshot: Cursor['place']['snapshot'], { kind, scope }: IstioNaming): Generator<KnownName> {
  for (const { naming } of istioPlaces(snapshot)) if (naming.kind === kind && naming.role !== 'use') yield naming;
  for (const { byName } of snapshot.proxies) {
    if (kind === 'credential') {
      for (const name of byName.secret.keys()) {
        const secret = kubernetesSecretOf(name);
        if (secret !== undefined) yield { scope: '', name: secret };
      }
    } else if (kind === 'host' || kind === 'subset') {
      for (const cluster of byName.cluster.keys()) {
        const service = serviceOfCluster(cluster);
        if (kind === 'host' && service) yield { scope: '', name: service.host };
        if (kind === 'subset' && service?.host === scope) yield { scope, name: service.subset };
      }
    }
  }
}

const SERVICE = /^([^.]+)\.([^.]+)\.svc\.cluster\.local$/;

/** A host of the own namespace may be written by its first name, as most people do. */
function spellings({ scope, name }: KnownName, wanted: IstioNaming): string[] {
  const [, first = '', namespace = ''] = SERVICE.exec(name) ?? [];
  switch (wanted.spelling) {
    case 'host':
      return first !== '' && namespace === wanted.namespace ? [first, name] : [name];
    case 'service':
      return first !== '' && namespace === wanted.namespace ? [first] : [];
    case 'egress_host':
      return [`${namespace === '' ? '*' : namespace === wanted.namespace ? '.' : namespace}/${name}`];
    case 'gateway':
      return [scope === wanted.namespace ? name : `${scope}/${name}`];
    case 'plain':
      return scope === wanted.scope ? [name] : [];
  }
}
