/** What router_check_tool refuses before it runs a test: unknown fields and missing ones (Envoy: test/tools/router_check/validation.proto). */
import { snakeCase, type ConfigNode } from '../../schema/configNode';
import { locationOf } from '../../trace/record/locationOf';

const FILE = ['tests', 'runtime'];
const TEST = ['test_name', 'input', 'validate'];
const INPUT = [
  'authority',
  'path',
  'method',
  'random_value',
  'ssl',
  'internal',
  'runtime',
  'additional_request_headers',
  'additional_response_headers',
  'dynamic_metadata',
];
const VALIDATE = [
  'cluster_name',
  'virtual_cluster_name',
  'virtual_host_name',
  'host_rewrite',
  'path_rewrite',
  'path_redirect',
  'code_redirect',
  'timeout',
  'route_metadata',
  'request_header_fields',
  'response_header_fields',
  'request_header_matches',
  'response_header_matches',
];

/** The first thing in a file of tests that the tool would not read, with its line; undefined where it reads all. */
export function findUnreadableTest(file: ConfigNode): string | undefined {
  const tests = file.list('tests');
  if (tests.length === 0) return `${file.tree.uri} holds no tests`;
  return unknownField(file, FILE) ?? tests.map(unreadable).find((each) => each !== undefined);
}

function unreadable(test: ConfigNode): string | undefined {
  const input = test.get('input');
  const validate = test.get('validate');
  const fields = unknownField(test, TEST) ?? (input && unknownField(input, INPUT)) ?? (validate && unknownField(validate, VALIDATE));
  if (fields !== undefined) return fields;
  if (test.string('test_name') === '') return tell(test, 'a test needs a test_name');
  if (!input || !validate) return tell(test, `the test needs ${input ? 'validate' : 'input'}`);
  for (const name of ['authority', 'path'] as const) if (input.string(name) === '') return tell(input, `the input needs ${name}`);
  return input.string('method').length < 3 ? tell(input, 'the input needs a method') : undefined;
}

function unknownField(message: ConfigNode, known: readonly string[]): string | undefined {
  const unknown = message.entries().find(([name]) => !known.includes(snakeCase(name)));
  return unknown && tell(unknown[1], `there is no field ${unknown[0]}`);
}

function tell(at: ConfigNode, what: string): string {
  const { uri, line } = locationOf(at);
  return `${uri}:${line}: ${what}`;
}
