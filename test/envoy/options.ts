/** The command line of the lab. */
export interface LabOptions {
  readonly seed: number;
  readonly pairs: number;
  readonly area: string | undefined;
  readonly onlyCase: number | undefined;
  /** Disagreements that are written to test-output/envoy. */
  readonly write: number;
  readonly shrink: boolean;
  /** Where the observations go as golden scenarios. */
  readonly record: string | undefined;
  /** Every disagreement as a line, not the first of each area. */
  readonly verbose: boolean;
  /** Only counts which fields the generators use. */
  readonly coverage: boolean;
}

const FIXED_SEED = 140;
const FEW_PAIRS = 1200;

/** `--seed N|random --pairs N --area NAME --case N --write N --no-shrink --verbose --coverage --record FILE`. Throws for an option that is none. */
export function readOptions(parameters: readonly string[]): LabOptions {
  const given = new Map<string, string>();
  for (let at = 0; at < parameters.length; at++) {
    const name = parameters[at] ?? '';
    if (FLAGS.has(name)) given.set(name, 'yes');
    else if (VALUES.has(name)) given.set(name, parameters[++at] ?? '');
    else throw new Error(`unknown option ${name}`);
  }
  const number = (name: string, fallback: number): number => (given.has(name) ? Number(given.get(name)) : fallback);
  return {
    seed: given.get('--seed') === 'random' ? Math.floor(Math.random() * 1e9) : number('--seed', FIXED_SEED),
    pairs: number('--pairs', FEW_PAIRS),
    area: given.get('--area'),
    onlyCase: given.has('--case') ? number('--case', 0) : undefined,
    write: number('--write', 12),
    record: given.get('--record'),
    shrink: !given.has('--no-shrink'),
    verbose: given.has('--verbose'),
    coverage: given.has('--coverage'),
  };
}

const FLAGS: ReadonlySet<string> = new Set(['--no-shrink', '--verbose', '--coverage']);
const VALUES: ReadonlySet<string> = new Set(['--seed', '--pairs', '--area', '--case', '--write', '--record']);
