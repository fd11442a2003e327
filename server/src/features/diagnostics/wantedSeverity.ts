/** Which severity a person wants for a rule (`envoyLens.diagnostics` in editors, `--severity` on the command line). */
import type { ProblemSeverity } from './rule';

/** `off` silences the rule. */
export type WantedSeverity = ProblemSeverity | 'off';

export const WANTED_SEVERITIES: readonly WantedSeverity[] = ['error', 'warning', 'information', 'hint', 'off'];

/** By the code of the rule. */
export type WantedSeverities = ReadonlyMap<string, WantedSeverity>;

export function severityNamed(name: unknown): WantedSeverity | undefined {
  return WANTED_SEVERITIES.find((each) => each === name);
}

/** Undefined where the rule is silenced. */
export function severityOf(problem: { code: string; severity: ProblemSeverity }, wanted: WantedSeverities): ProblemSeverity | undefined {
  const severity = wanted.get(problem.code) ?? problem.severity;
  return severity === 'off' ? undefined : severity;
}
