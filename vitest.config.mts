import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{server,client,golden,lsp,cli,samples,oracles,corpus,repository,syntaxes}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'test-output/unit.json' }]],
  },
});
