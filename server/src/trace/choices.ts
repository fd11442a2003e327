/**
 * Branches by replay: stages are straight-line code that asks `choose`; the engine runs the whole path again for every answer.
 * So a stage never knows of other paths, and weights, fractions, priorities and endpoints all branch alike.
 */
import type { BranchKind } from '../protocol/trace';
import type { ConfigNode } from '../schema/configNode';

export interface ChoiceOption {
  /** What is chosen, as the reader sees it. Example: a cluster's name, `10.4.0.5:9080` */
  readonly value: string;
  /** Long-run share in 0..1; null where it is not known. Options with share 0 must not be offered. */
  readonly probability: number | null;
  readonly at?: ConfigNode;
}

export interface TakenBranch extends ChoiceOption {
  readonly kind: BranchKind;
}

const MAX_OPTIONS = 64;
export const MAX_PATHS = 256;

/** The choices of one run. */
export class Choices {
  readonly branches: TakenBranch[] = [];
  readonly notes: string[] = [];
  truncated = false;
  private readonly sizes: number[] = [];
  private at = 0;

  constructor(private readonly script: readonly number[]) {}

  /** Takes one of `options` and gives its index; a single option is no branch. At most 64 are followed; the rest is told in the notes. */
  choose(kind: BranchKind, options: readonly ChoiceOption[]): number {
    if (options.length <= 1) {
      const only = options[0];
      if (only && only.probability !== 1) this.branches.push({ kind, ...only });
      return 0;
    }
    if (options.length > MAX_OPTIONS) {
      this.truncated = true;
      this.notes.push(`${options.length - MAX_OPTIONS} of ${options.length} ${kind} branches were not followed`);
    }
    const taken = this.script[this.at] ?? 0;
    this.sizes[this.at++] = Math.min(options.length, MAX_OPTIONS);
    const option = options[taken];
    if (option) this.branches.push({ kind, ...option });
    return taken;
  }

  /** The script of the next run, in file order; undefined when all are done. */
  next(): number[] | undefined {
    const script = this.sizes.map((_, index) => this.script[index] ?? 0);
    for (let last = script.length - 1; last >= 0; last--) {
      const taken = (script[last] ?? 0) + 1;
      if (taken < (this.sizes[last] ?? 0)) return [...script.slice(0, last), taken];
    }
    return undefined;
  }

  /** Product of the known shares; null where one is unknown. */
  get probability(): number | null {
    return this.branches.reduce<number | null>(
      (product, { probability }) => (product === null || probability === null ? null : product * probability),
      1,
    );
  }
}
