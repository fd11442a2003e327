/** Completion of the names that Istio's own resources give each other: hosts, subsets, gateways, as the workspace has them. */
import { istioFieldAt, istioNamesFor, type IstioField } from '../istioWorld';
import type { Cursor } from './completion';
import { PLACEHOLDER } from './cursorToken';
import type { Candidate } from './writeCandidates';

/** [] elsewhere. */
export function completeIstioNames({ schema, place, facts, node }: Cursor): Candidate[] {
  const field = istioFieldAt(facts, node, schema);
  if (!field) return [];
  const names = new Set(field.kind === 'gateway' ? ['mesh'] : []);
  for (const { name } of istioNamesFor(place.snapshot, field)) for (const each of spellings(name, field)) names.add(each);
  return [...names].flatMap((name): Candidate[] =>
    name === '' || name.includes(PLACEHOLDER) ? [] : [{ name, kind: 'name', detail: field.kind, rank: 0 }],
  );
}

/** A host of the resource's own namespace may be written by its first name, as most people do. */
function spellings(name: string, field: IstioField): string[] {
  const tail = `.${field.namespace}.svc.cluster.local`;
  return field.kind === 'host' && name.endsWith(tail) ? [name.slice(0, -tail.length), name] : [name];
}
