import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    maxWorkers: '100%',
    reporters: ['default', ['json', { outputFile: 'test-output/unit.json' }]],
    projects: [
      // The server's modules keep nothing between tests: they are loaded once for all files of a worker, which saves most of the time.
      {
        test: {
          ...shared,
          name: 'server',
          isolate: false,
          include: ['test/{server,golden,lsp,cli,samples,oracles,corpus,repository,syntaxes}/**/*.test.ts'],
        },
      },
      // Each of these files puts a `vscode` of its own in the place of the real one.
      { test: { ...shared, name: 'client', include: ['test/client/**/*.test.ts'] } },
    ],
  },
});
