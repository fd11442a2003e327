// Who may import whom (ARCHITECTURE.md). A folder of server/src imports itself and folders to its left.
const LAYERS = ['protocol', 'text', 'syntax', 'schema', 'model', 'index', 'trace', 'features', 'lsp'];

const layerRules = LAYERS.map((layer, index) => ({
  name: `layer-${layer}`,
  comment: `${layer}/ imports itself and ${LAYERS.slice(0, index).join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^server/src/${layer}/` },
  to: {
    path: '^(server|client)/',
    pathNot: `^server/src/(${LAYERS.slice(layer === 'protocol' || layer === 'text' ? index : 0, index + 1).join('|')})/`,
  },
}));

const only = (name, what, allowed) => ({ name, severity: 'error', from: { pathNot: allowed }, to: { path: what } });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'layer-cli',
      severity: 'error',
      from: { path: '^server/src/cli/' },
      to: { path: '^(server|client)/', pathNot: `^server/src/(cli|${LAYERS.slice(0, -1).join('|')})/` },
    },
    {
      name: 'client-meets-server-in-protocol',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^server/', pathNot: '^server/src/protocol/' },
    },
    { name: 'webview-stands-alone', severity: 'error', from: { path: '^client/webview/' }, to: { path: '^client/src/' } },
    only('vscode-only-in-client', '^vscode$', '^(client/src/|test/vscode/)'),
    only(
      'languageserver-only-in-lsp',
      'node_modules/vscode-languageserver/',
      '^(server/src/lsp/|server/src/main\\.(node|browser|cli)\\.ts|test/|node_modules)',
    ),
    only(
      'languageserver-types-only-in-features-and-lsp',
      'node_modules/vscode-languageserver-(types|textdocument)/',
      '^(server/src/(features|lsp)/|test/|node_modules|client/src/)',
    ),
    {
      name: 'lua-language-knows-no-envoy',
      severity: 'error',
      from: { path: '^server/src/trace/lua/' },
      to: { path: '^server/', pathNot: '^server/src/(trace/lua/|trace/matcher/cel/celValue|text/|syntax/)' },
    },
    only('regex-in-one-place', 'node_modules/re2js/', '^(server/src/trace/matcher/regex\\.ts|test/|node_modules)'),
    only('parsers-only-in-syntax', 'node_modules/(jsonc-parser|yaml)/', '^(server/src/syntax/|test/|tools/|node_modules)'),
    {
      name: 'node-only-in-entries',
      severity: 'error',
      from: { path: '^(server|client)/', pathNot: '^(server/src/main\\.(node|cli)\\.ts|client/src/extension\\.node\\.ts)' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: { path: '^(server|client)/' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
