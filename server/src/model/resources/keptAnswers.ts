/** What was found out about the resources of a list, and how much of it an edit leaves. */
import { getOrMake } from '../../text/getOrMake';
import type { ResourceKind } from './resource';

/** Answers by the function that gave them. */
type Answers = Map<unknown, unknown>;

/** The resource in which an edit was. */
export interface EditedResource {
  readonly index: number;
  readonly kind: ResourceKind;
  /** The name that it had, if it has another one now. */
  readonly formerName: string | undefined;
  /** What is noted of its inner messages (innerMessages.ts), where the edit was in one of them. */
  readonly innerNotes: number[] | undefined;
}

export interface FormerName {
  readonly kind: ResourceKind;
  readonly name: string;
}

interface Answered {
  readonly notes: Uint8Array;
  readonly innerNotes: Map<number, number[]>;
  readonly ofKinds: Answers;
  readonly ofNames: Map<ResourceKind, Answers>;
  readonly ofTexts: Map<ResourceKind, Answers>;
  readonly ofOne: Map<number, Answers>;
  readonly formerNames: readonly FormerName[];
}

export class KeptAnswers {
  private formerNames: readonly FormerName[];

  private constructor(private readonly answered: Answered) {
    this.formerNames = answered.formerNames;
  }

  static none(length: number): KeptAnswers {
    return new KeptAnswers({
      notes: new Uint8Array(length),
      innerNotes: new Map<number, number[]>(),
      ofKinds: new Map(),
      ofNames: new Map<ResourceKind, Answers>(),
      ofTexts: new Map<ResourceKind, Answers>(),
      ofOne: new Map<number, Answers>(),
      formerNames: [],
    });
  }

  /** By index: bits by which those who look at a resource by itself note what they have found; they hold until it is edited. */
  get notes(): Uint8Array {
    return this.answered.notes;
  }

  /** Notes of the inner messages of a resource (innerMessages.ts), in their order. */
  innerNotesAt(index: number): number[] {
    return getOrMake(this.answered.innerNotes, index, () => []);
  }

  /** About kinds, states and nesting: shared by the lists before and after any edit that moves them. */
  get ofKinds(): Answers {
    return this.answered.ofKinds;
  }

  /** About names of a kind, too: shared while none of these is renamed. */
  ofNames(kind: ResourceKind): Answers {
    return getOrMake(this.answered.ofNames, kind, () => new Map());
  }

  /** About whatever stands in resources of a kind: kept until one of them is edited. */
  ofTexts(kind: ResourceKind): Answers {
    return getOrMake(this.answered.ofTexts, kind, () => new Map());
  }

  /** About one resource: kept until it is edited. */
  ofOne(index: number): Answers {
    return getOrMake(this.answered.ofOne, index, () => new Map());
  }

  /** Names that resources had and have no more, since somebody took them. */
  takeFormerNames(): readonly FormerName[] {
    const names = this.formerNames;
    this.formerNames = [];
    return names;
  }

  /** `edited`: undefined where the edit was outside of all resources. */
  after(edited: EditedResource | undefined): KeptAnswers {
    const { notes, innerNotes, ofKinds, ofNames, ofTexts, ofOne } = this.answered;
    const copy = { notes: notes.slice(), innerNotes: new Map(innerNotes), ofTexts: new Map(ofTexts), ofOne: new Map(ofOne) };
    if (!edited) return new KeptAnswers({ ...copy, ofKinds, ofNames, formerNames: this.formerNames });
    const { index, kind, formerName: name } = edited;
    copy.notes[index] = 0;
    copy.innerNotes.set(index, edited.innerNotes ?? []);
    copy.ofTexts.delete(kind);
    copy.ofOne.delete(index);
    if (name === undefined) return new KeptAnswers({ ...copy, ofKinds, ofNames, formerNames: this.formerNames });
    const namesOfOthers = new Map(ofNames);
    namesOfOthers.delete(kind);
    return new KeptAnswers({ ...copy, ofKinds, ofNames: namesOfOthers, formerNames: [...this.formerNames, { kind, name }] });
  }
}

/** The answer of `make` about something, made once. */
export function answerOnce<About, Answer>(answers: Answers, make: (about: About) => Answer, about: About): Answer {
  return getOrMake(answers, make, () => make(about)) as Answer;
}
