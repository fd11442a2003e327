// Compiles the scanner of JSON (AssemblyScript) into server/src/syntax/json/wasm/scanner.generated.ts: node tools/compileScanner.mjs [--check]
import asc from 'assemblyscript/asc';
import fs from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../server/src/syntax/json/wasm');
const generated = path.join(folder, 'scanner.generated.ts');
// The host gives it one memory that never grows: so its views of it stay.
const memory = String(/PAGES = (\d+)/.exec(fs.readFileSync(path.join(folder, 'layout.ts'), 'utf8'))?.[1]);
const options = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort='];

const files = new Map();
const { error, stderr } = await asc.main(
  ['scan.wasm.ts', '--outFile', 'scanner.wasm', '--initialMemory', memory, '--maximumMemory', memory, ...options],
  {
    readFile: (name) => (fs.existsSync(path.join(folder, name)) ? fs.readFileSync(path.join(folder, name), 'utf8') : null),
    writeFile: (name, content) => void files.set(name, content),
    listFiles: () => [],
  },
);
if (error) {
  console.error(`${error.message}\n${stderr.toString()}`);
  process.exit(1);
}
const text = `/** Made by tools/compileScanner.mjs of scan.wasm.ts. */
export const SCANNER_BYTES =
  '${Buffer.from(files.get('scanner.wasm')).toString('base64')}';
`;
if (!process.argv.includes('--check')) {
  fs.writeFileSync(generated, text);
  console.log(`${text.length} characters in ${path.relative(process.cwd(), generated)}`);
} else if (fs.readFileSync(generated, 'utf8') !== text) {
  console.error('scanner.generated.ts is not what tools/compileScanner.mjs makes');
  process.exit(1);
}
