/**
 * Branches by replay: stages are straight-line code that asks `choose`; the engine runs the path again for every answer.
 * So a stage never knows of other paths, and weights, fractions, priorities and endpoints all branch alike. What lies before
 * the answer that is another now is not decided again: a replay takes up what the run before has come to at the end of a stretch.
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

/** What a run has come to at the end of a stretch, and all that was asked before that. */
interface Stretch<State> {
  readonly sizes: readonly number[];
  readonly branches: readonly TakenBranch[];
  readonly notes: readonly string[];
  readonly truncated: boolean;
  readonly state: State;
}

/** The choices of one run. `State`: what is kept of a hop at the end of a stretch. */
export class Choices<State> {
  branches: readonly TakenBranch[] = [];
  notes: readonly string[] = [];
  truncated = false;
  private sizes: readonly number[] = [];
  private begun = 0;

  /** `stretches`: by the order in which they begin, those of earlier runs before whose end this one gives the same answers. None lies in another. */
  constructor(
    private readonly script: readonly number[] = [],
    private readonly stretches: (Stretch<State> | undefined)[] = [],
  ) {}

  /** At the beginning of a stretch: what an earlier run has come to at its end; undefined where it is to be gone. */
  recall(): State | undefined {
    const known = this.stretches[this.begun++];
    if (!known) return undefined;
    const { sizes, branches, notes, truncated, state } = known;
    Object.assign(this, { sizes, branches, notes, truncated });
    return state;
  }

  /** At its end; one that ends the path is not kept. */
  keep(state: State): void {
    const { sizes, branches, notes, truncated } = this;
    this.stretches[this.begun - 1] = { sizes, branches, notes, truncated, state };
  }

  /** Takes one of `options` and gives its index; a single option is no branch. At most 64 are followed; the rest is told in the notes. */
  choose(kind: BranchKind, options: readonly ChoiceOption[]): number {
    if (options.length <= 1) {
      const only = options[0];
      if (only && only.probability !== 1) this.branches = [...this.branches, { kind, ...only }];
      return 0;
    }
    if (options.length > MAX_OPTIONS) {
      this.truncated = true;
      this.note(`${options.length - MAX_OPTIONS} of ${options.length} ${kind} branches were not followed`);
    }
    const taken = this.script[this.sizes.length] ?? 0;
    this.sizes = [...this.sizes, Math.min(options.length, MAX_OPTIONS)];
    const option = options[taken];
    if (option) this.branches = [...this.branches, { kind, ...option }];
    return taken;
  }

  note(text: string): void {
    this.notes = [...this.notes, text];
  }

  /** The next run, in file order; undefined when all are done. */
  next(): Choices<State> | undefined {
    const script = this.sizes.map((_, index) => this.script[index] ?? 0);
    for (let last = script.length - 1; last >= 0; last--) {
      const taken = (script[last] ?? 0) + 1;
      if (taken < (this.sizes[last] ?? 0))
        return new Choices(
          [...script.slice(0, last), taken],
          this.stretches.map((stretch) => (stretch && stretch.sizes.length <= last ? stretch : undefined)),
        );
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
