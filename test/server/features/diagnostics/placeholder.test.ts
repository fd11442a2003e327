/** Templates of Helm, Jinja and envsubst: a placeholder is no error. */
import { expect, test } from 'vitest';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';

function severities(value: string): string[] {
  const uri = 'test:/envoy.yaml';
  const text = `static_resources:\n  clusters:\n  - name: c\n    type: STATIC\n    connect_timeout: ${value}\n`;
  return collectDiagnostics(buildSnapshot([{ uri, text, languageId: 'yaml' }]), uri)
    .filter(({ code }) => code === 'wrong-type')
    .map(({ severity }) => severity);
}

test.each(['"{{ .Values.timeout }}"', '"{{timeout | default(1)}}"', '${TIMEOUT}', "'${TIMEOUT:-1s}'"])('%s', (value) =>
  expect(severities(value)).toEqual(['information']),
);
test.each(['soon', '"{{one}}"', '$TIMEOUT', '"{ .Values }"'])('%s is none', (value) => expect(severities(value)).toEqual(['error']));
