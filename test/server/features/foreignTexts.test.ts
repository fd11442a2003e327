/** In texts that are not of Envoy or Istio no feature says anything, even with a dump beside them that has the same names and addresses. */
import { describe, expect, test } from 'vitest';
import { findCodeLenses } from '../../../server/src/features/codeLenses';
import { findCompletions } from '../../../server/src/features/completion/completion';
import { findDefinition } from '../../../server/src/features/definition';
import { collectDiagnostics } from '../../../server/src/features/diagnostics/collectDiagnostics';
import { findDocumentLinks } from '../../../server/src/features/documentLinks';
import { findDocumentSymbols } from '../../../server/src/features/symbols/documentSymbols';
import { findFoldingRanges } from '../../../server/src/features/foldingRanges';
import { findHover } from '../../../server/src/features/hover/hover';
import { findInlayHints } from '../../../server/src/features/inlayHints';
import { findReferences } from '../../../server/src/features/references';
import { prepareRename } from '../../../server/src/features/rename';
import { findSemanticTokens } from '../../../server/src/features/semanticTokens';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { foreignTexts } from './foreignTexts';

const DUMP = `static_resources:
  listeners:
  - name: http
    address: { socket_address: { address: 10.0.0.1, port_value: 8080 } }
    filter_chains: [{ filters: [{ name: envoy.filters.network.tcp_proxy, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: a, cluster: web } }] }]
  clusters:
  - name: web
    type: STATIC
    load_assignment: { cluster_name: web, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 8080 } } } }] }] }
`;

/** Where words begin and end; between them the answers are the same. */
function isBoundary(text: string, offset: number): boolean {
  return /\W/.test(text[offset - 1] ?? ' ') || /\W/.test(text[offset] ?? ' ');
}

describe.each(Object.entries(foreignTexts))('%s', (name, text) => {
  const uri = `file:///w/${name}`;
  const snapshot = buildSnapshot([
    { uri: 'file:///w/envoy.yaml', text: DUMP },
    { uri, text },
  ]);
  const whole = { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } };

  test('as a document', () => {
    const answers = {
      lenses: findCodeLenses(snapshot, uri),
      problems: collectDiagnostics(snapshot, uri),
      links: findDocumentLinks(snapshot, uri),
      symbols: findDocumentSymbols(snapshot, uri),
      folds: findFoldingRanges(snapshot, uri),
      hints: findInlayHints(snapshot, uri, whole),
      tokens: findSemanticTokens(snapshot, uri).data,
    };
    for (const [feature, found] of Object.entries(answers)) expect(found, feature).toEqual([]);
  });

  test('at every place', () => {
    for (let offset = 0; offset <= text.length; offset++) {
      if (!isBoundary(text, offset)) continue;
      const place = { snapshot, uri, offset };
      const around = `${text.slice(Math.max(0, offset - 30), offset)}⟪⟫${text.slice(offset, offset + 30)}`;
      expect(findHover(place)?.contents, `hover ${around}`).toBeUndefined();
      expect([...findDefinition(place), ...findReferences(place, false)], `places ${around}`).toEqual([]);
      expect(prepareRename(place), `rename ${around}`).toBeFalsy();
      if (!/\W/.test(text[offset - 1] ?? ' ')) continue;
      const offered = findCompletions(place).items.map(({ label }) => label);
      expect(offered, `completion ${around}`).toEqual([]);
    }
  });
});
