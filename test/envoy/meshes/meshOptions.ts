/** The command line of the meshes. */
export interface MeshOptions {
  readonly seed: number;
  readonly meshes: number;
  readonly area: string | undefined;
  /** Only this mesh of the seed. */
  readonly onlyMesh: number | undefined;
  readonly verbose: boolean;
  /** A folder in which each mesh is kept as a golden world. */
  readonly keep: string | undefined;
}

const FIXED_SEED = 140;
const FEW_MESHES = 18;

/** `--seed N|random --meshes N --mesh-area NAME --mesh N --keep FOLDER --verbose`; others are the pairs' own. */
export function readMeshOptions(parameters: readonly string[]): MeshOptions {
  const value = (name: string): string | undefined => {
    const at = parameters.indexOf(name);
    return at < 0 ? undefined : parameters[at + 1];
  };
  const seed = value('--seed');
  const only = value('--mesh');
  return {
    seed: seed === 'random' ? Math.floor(Math.random() * 1e9) : Number(seed ?? FIXED_SEED),
    meshes: Number(value('--meshes') ?? FEW_MESHES),
    area: value('--mesh-area'),
    onlyMesh: only === undefined ? undefined : Number(only),
    keep: value('--keep'),
    verbose: parameters.includes('--verbose'),
  };
}
