/** What lint says of a small configuration, for tests of what Envoy refuses and what it takes. */
import { describe, expect, test } from 'vitest';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';

/** Severity, code and message of each problem. */
export function problemsIn(config: object): { readonly severity: string; readonly code: string; readonly message: string }[] {
  const uri = 'test:/envoy.json';
  return collectDiagnostics(buildSnapshot([{ uri, text: JSON.stringify(config) }]), uri);
}

/** Messages of the errors. */
export function refusals(config: object): string[] {
  return problemsIn(config)
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);
}

/** An extension by its type, without `envoy.extensions.`. */
export const extension = (type: string, fields: object = {}): object => ({
  name: 'x',
  typed_config: { '@type': `type.googleapis.com/envoy.extensions.${type}`, ...fields },
});

export type Row = readonly [type: string, fields: object, words?: string];

/** Extensions that are refused with these words, or taken without any. */
export function checkRefusals(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    test.each(rows.map(([type, fields, words]) => ({ type, fields, words })))('$type $fields', ({ type, fields, words }) =>
      expect(refusals(extension(type, fields))).toEqual(words === undefined ? [] : [expect.stringContaining(words)]),
    );
  });
}
