/** A dump of a wanted size: how many services that takes is found from two small ones. */
import { outlineOfDump, type DumpKind } from './dumps';
import { writeOutline, type WritingStyle } from './outline';

export interface DumpWish {
  readonly kind: DumpKind;
  readonly style: WritingStyle;
  readonly seed?: number;
  readonly megabytes: number;
}

export const SEED = 20260301;

export function generateDump({ kind, style, megabytes, seed = SEED }: DumpWish): string {
  const sizeOf = (services: number) => writeOutline(outlineOfDump(kind, { services, seed }), style).length;
  const [few, many] = [20, 220];
  const [small, large] = [sizeOf(few), sizeOf(many)];
  const perService = (large - small) / (many - few);
  return generateMeshDump(kind, Math.max(1, Math.round((megabytes * 1e6 - small) / perService + few)), style, seed);
}

/** The dump of a mesh with so many services. */
export function generateMeshDump(kind: DumpKind, services: number, style: WritingStyle = { format: 'json' }, seed = SEED): string {
  return writeOutline(outlineOfDump(kind, { services, seed }), style);
}
