/** Tells of keys that stand in a mapping twice. */
import { FLAG_COPY, KIND_MASK, NodeKind } from '../tree/syntaxTree';
import { addProblem, type Tape } from '../tree/tape';
import { keyStartAt, nextOf } from '../tree/treeColumns';

const TWICE = ' stands here twice; the last one counts.';

/** Whether a problem is one of these. */
export function isRepeatedKey({ message }: { readonly message: string }): boolean {
  return message.endsWith(TWICE);
}

/** One walk over all members: each key remembers the mapping that had it last. */
export function reportDuplicates(tape: Tape): void {
  const { kinds, keyIds, size } = tape;
  const owners = new Int32Array(tape.keys.names.length).fill(-1);
  for (let node = 0; node < size; node++) {
    if (((kinds[node] ?? 0) & KIND_MASK) !== NodeKind.object) continue;
    const end = nextOf(tape, node);
    for (let child = node + 1; child < end; child = nextOf(tape, child)) {
      const keyId = keyIds[child] ?? -1;
      if (keyId < 0) continue;
      if (owners[keyId] === node && ((kinds[child] ?? 0) & FLAG_COPY) === 0) {
        const start = keyStartAt(tape, child);
        const name = tape.keys.names[keyId] ?? '';
        addProblem(tape, {
          span: { start, end: start + name.length },
          message: `The key ${name}${TWICE}`,
          severity: 'warning',
        });
      }
      owners[keyId] = node;
    }
  }
}
