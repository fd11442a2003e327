/** Rename of what Istio's and the Gateway API's own YAML names: subsets, gateways, listeners of a Gateway, resources. */
import { isMeshGroup } from '../../model/istio/istioSpec';
import type { ConfigNode } from '../../schema/configNode';
import type { Place } from '../place/place';
import { istioPlaceUnder } from './istioReferences';
import { definingPlaces, placesOfThing, type IstioPlace } from './istioPlaces';

/** The name under the cursor, where the workspace defines it and it may become another: hosts, secrets and workloads belong to the cluster. */
export function renamableIstioPlace(place: Place): IstioPlace | undefined {
  const own = istioPlaceUnder(place);
  if (!own || !isNameOfMesh(own)) return undefined;
  return definingPlaces(place.snapshot, own.naming).length > 0 ? own : undefined;
}

/** Of a subset, a listener of a Gateway, or a resource of Istio or the Gateway API. */
export function isNameOfMesh({ naming: { kind } }: IstioPlace): boolean {
  return kind === 'subset' || kind === 'section' || isMeshGroup(kind.slice(0, Math.max(0, kind.indexOf('/'))));
}

/** Every place of the name, with what is to stand there. `namespace/name` keeps its namespace. */
export function renameIstio({ snapshot }: Place, own: IstioPlace, newName: string): { node: ConfigNode; text: string }[] {
  return placesOfThing(snapshot, own.naming).map(({ node, naming }) => {
    const written = node.asString() ?? '';
    const isScoped = naming.spelling === 'gateway' && written.includes('/');
    return { node, text: isScoped ? `${written.slice(0, written.indexOf('/') + 1)}${newName}` : newName };
  });
}

/** Kubernetes' names of resources (RFC 1123 subdomains), Istio's of subsets and the Gateway API's of listeners (labels and subdomains). */
export function findIstioRenameProblem({ snapshot }: Place, own: IstioPlace, newName: string): string | undefined {
  if (!/^[a-z\d](?:[-a-z\d.]*[a-z\d])?$/.test(newName) || newName.length > 253)
    return 'Kubernetes takes lower-case letters, digits, - and . in names, with a letter or a digit at both ends.';
  const isTaken = newName !== own.naming.name && definingPlaces(snapshot, { ...own.naming, name: newName }).length > 0;
  return isTaken ? `There is a ${JSON.stringify(newName)} already.` : undefined;
}
