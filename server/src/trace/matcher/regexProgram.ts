/** How large RE2 makes a regular expression at least: Envoy refuses large ones (source/common/common/regex.cc). */
import type { CompiledRegex } from './regex';

/** An instruction of re2js, whose compiler parses, simplifies and factors as RE2's does. */
interface Instruction {
  readonly op: number;
  readonly out: number;
  /** Pairs of first and last, or one alone. */
  readonly runes: readonly number[];
}

const ALTERNATIVE = 1;
const CAPTURE = 3;
const EMPTY_WIDTH = 4;
const NOTHING = 7;
const RUNE = 8;
const RUNE_1 = 9;
const RUNE_ANY = 10;
const RUNE_ANY_BUT_NEWLINE = 11;

/** What every program has besides: the loop before a match that may begin anywhere; failure and match. */
const UNANCHORED = 4;
const ANCHORED = 2;

/** No more than RE2's own ProgramSize(): what joins loops and options is left out (observed with Envoy 1.40). 0 of what is no regular expression. */
export function programSizeAtLeast(regex: CompiledRegex): number {
  if (regex.kind === 'invalid') return 0;
  const { inst, start } = regex.pattern.re2().prog as { inst: readonly Instruction[]; start: number };
  const taken = inst[start]?.op === EMPTY_WIDTH ? literalsFrom(inst, inst[start].out) : 0;
  const captures = inst.filter(({ op }) => op === CAPTURE).length;
  return captures + sizeOfRunes(inst) - taken + (inst.some(({ op }) => op === EMPTY_WIDTH) ? ANCHORED : UNANCHORED);
}

/** The literal that an anchored expression begins with is compared by itself (RE2::Init, required_prefix). */
function literalsFrom(inst: readonly Instruction[], from: number): number {
  let count = 0;
  for (let next = inst[from]; next && isLiteral(next) && count < inst.length; next = inst[next.out]) count++;
  return count;
}

function isLiteral({ op, runes }: Instruction): boolean {
  return op === RUNE_1 || (op === RUNE && withoutFolded(lettersOf(runes)).size === 1);
}

/**
 * RE2 makes one repetition of what stands beside its own repetition (`a*aa?`, CoalesceWalker in re2/simplify.cc), which re2js does not: of
 * neighbours that are the same as many count as are surely needed.
 */
function sizeOfRunes(inst: readonly Instruction[]): number {
  let size = 0;
  let run = NO_RUN;
  const close = () => (size += run.width * Math.max(Math.min(1, run.count), run.count - run.branches));
  for (const instruction of inst) {
    const width = sizeOf(instruction);
    const key = width === 0 ? '' : `${instruction.op === RUNE_1 ? RUNE : instruction.op} ${[...lettersOf(instruction.runes)].join()}`;
    if (instruction.op === ALTERNATIVE || instruction.op === NOTHING)
      run = { ...run, branches: run.branches + Number(instruction.op === ALTERNATIVE) };
    else if (key === run.key) run = { ...run, count: run.count + 1 };
    else {
      close();
      run = { key, width, count: Math.min(1, width), branches: 0 };
    }
  }
  close();
  return size;
}

const NO_RUN = { key: '', width: 0, count: 0, branches: 0 };

function sizeOf({ op, runes }: Instruction): number {
  switch (op) {
    case RUNE_1:
    case RUNE_ANY:
      return 1;
    case RUNE_ANY_BUT_NEWLINE:
      return 2;
    case RUNE:
      return Math.max(1, countRanges(lettersOf(runes)));
    default:
      return 0;
  }
}

const ASCII = 0x80;

/** The ASCII characters of a class. */
function lettersOf(runes: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (let at = 0; at < runes.length; at += 2)
    for (let rune = runes[at] ?? ASCII; rune <= Math.min(runes[at + 1] ?? runes[at] ?? 0, ASCII - 1); rune++) found.add(rune);
  return found;
}

/** Letters in both cases may be one range, or a part of others. */
function countRanges(letters: ReadonlySet<number>): number {
  const count = (some: ReadonlySet<number>): number => [...some].filter((letter) => !some.has(letter - 1)).length;
  return Math.min(count(letters), count(withoutFolded(letters)));
}

/** Without capital letters that stand there as small ones, too. */
function withoutFolded(letters: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...letters].filter((letter) => letter < 0x41 || letter > 0x5a || !letters.has(letter + 0x20)));
}
