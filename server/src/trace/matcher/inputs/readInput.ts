/** The registry of matcher inputs by type. */
import type { ConfigNode } from '../../../schema/configNode';
import { say, words } from '../../record/sentence';
import type { MatchContext } from '../matchContext';
import { connectionInputs } from './connectionInputs';
import { endpointInputs } from './endpointInputs';
import { httpInputs } from './httpInputs';
import type { InputReading } from './inputReading';
import { tlsInputs } from './tlsInputs';
import type { ReadInput } from './inputReader';

const inputs: ReadonlyMap<string, ReadInput> = new Map([...connectionInputs, ...httpInputs, ...tlsInputs, ...endpointInputs]);

/** Reads `input: {name, typed_config}`; what it yields is unknown for a type that nobody knows. */
export function readInput(input: ConfigNode | undefined, context: MatchContext): InputReading {
  const typed = input?.typed();
  if (!input || !typed)
    return { what: words('the input'), value: { kind: 'unknown', missing: words('the input of the matcher, which the file leaves out') } };
  const given = context.readInput?.(typed);
  if (given) return given;
  const read = inputs.get(typed.type);
  if (read) return read(typed.node, context);
  const name = typed.type || input.string('name');
  return { what: say`the input ${name}`, value: { kind: 'unknown', missing: say`what the matcher input ${name} yields` } };
}
