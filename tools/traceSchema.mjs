// Makes docs/trace.schema.json (JSON Schema of the trace contract) from server/src/protocol/trace.ts. `--check`: exit 1 when it is not up to date.
import fs from 'node:fs';
import path from 'node:path';
import * as TJS from 'typescript-json-schema';

const root = path.resolve(import.meta.dirname, '..');
const target = path.join(root, 'docs/trace.schema.json');

const program = TJS.getProgramFromFiles([path.join(root, 'server/src/protocol/trace.ts')], {
  strictNullChecks: true,
  lib: ['ES2023'],
  types: [],
});
const generator = TJS.buildGenerator(program, { required: true, noExtraProps: false, ref: true, ignoreErrors: true });
const request = generator.getSchemaForSymbol('TraceRequest', true);
const trace = generator.getSchemaForSymbol('Trace', true);
const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Envoy Lens trace, version 1',
  description: 'A TraceRequest, an array of them, a Trace, or an array of Traces.',
  anyOf: ['TraceRequest', 'Trace'].flatMap((name) => [
    { $ref: `#/definitions/${name}` },
    { type: 'array', items: { $ref: `#/definitions/${name}` } },
  ]),
  definitions: {
    ...request.definitions,
    ...trace.definitions,
    TraceRequest: withoutDefinitions(request),
    Trace: withoutDefinitions(trace),
  },
};
const text = `${JSON.stringify(schema, null, 2)}\n`;

function withoutDefinitions(schema) {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== 'definitions'));
}

if (process.argv.includes('--check')) {
  const current = fs.existsSync(target) ? fs.readFileSync(target, 'utf8') : '';
  if (current !== text) {
    console.error('docs/trace.schema.json is not up to date: run node tools/traceSchema.mjs');
    process.exitCode = 1;
  }
} else {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, text);
  console.log(`wrote ${path.relative(root, target)}`);
}
