/** The oracles alone: `npm run test:oracles`; `ENVOY_LENS_ORACLES` names another folder, `ONLY` picks cases by area or name. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/oracles/**/*.test.ts'],
    testTimeout: 300_000,
    disableConsoleIntercept: true,
    reporters: ['default', ['json', { outputFile: 'test-output/oracles/vitest.json' }]],
  },
});
