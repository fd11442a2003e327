// How the labs are bundled: TypeScript in, one module for Node out, packages that ask for `require` included.
export const bundleForNode = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'error',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
};
