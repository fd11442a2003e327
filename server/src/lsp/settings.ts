/** The user's settings, as far as the server reads them. */
import { severityNamed, type WantedSeverities, type WantedSeverity } from '../features/diagnostics/wantedSeverity';
import type { InlayHintOptions } from '../features/inlayHints';

export interface Settings {
  /** `envoyLens.diagnostics` */
  readonly severities: WantedSeverities;
  /** `envoyLens.inlayHints` */
  readonly inlayHints: InlayHintOptions;
  /** Where the pages on diagnostics are: `<folder>/<code>.md`. Undefined where the client does not tell. */
  readonly diagnosticPages: string | undefined;
  /** The client's own command that asks for suggestions again, once one is taken. Undefined where the client does not tell. */
  readonly suggestCommand: string | undefined;
}

/** Reads `{diagnostics: {code: severity}, inlayHints: {clusters, addresses}, diagnosticPages, suggestCommand}` of the initialization options or of a configuration change; anything else is ignored. */
export function readSettings(options: unknown): Settings {
  const diagnostics = field(options, 'diagnostics');
  const severities = new Map<string, WantedSeverity>();
  if (typeof diagnostics === 'object' && diagnostics !== null)
    for (const [code, value] of Object.entries(diagnostics)) {
      const severity = severityNamed(value);
      if (severity !== undefined) severities.set(code, severity);
    }
  const hints = field(options, 'inlayHints');
  const pages = field(options, 'diagnosticPages');
  const suggestCommand = field(options, 'suggestCommand');
  return {
    severities,
    inlayHints: { clusters: field(hints, 'clusters') !== false, addresses: field(hints, 'addresses') !== false },
    diagnosticPages: typeof pages === 'string' && pages !== '' ? pages.replace(/\/$/, '') : undefined,
    suggestCommand: typeof suggestCommand === 'string' && suggestCommand !== '' ? suggestCommand : undefined,
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? (value as Record<string, unknown>)[name] : undefined;
}
