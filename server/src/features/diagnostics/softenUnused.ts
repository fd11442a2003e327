/** What Envoy does not take up of a bootstrap while it validates. The tracer of a bootstrap is made for a connection manager that traces and names none of its own: without one Envoy never looks at it (observed with Envoy 1.40). */
import { ConfigNode, memoizeByNode } from '../../schema/configNode';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { isInLostAction } from './lostActions';
import { isInStatsMatcher } from './statsMatcherMetadata';
import type { Problem } from './rule';
import { typesAbove } from './typesAbove';

/** What Envoy sees while it reads the text, whether or not it takes the message up. */
const READING: ReadonlySet<string> = new Set([
  'unknown-field',
  'unknown-enum-value',
  'unknown-type',
  'wrong-type',
  'removed-field',
  'conflicting-fields',
]);

/** An error in the tracer of a bootstrap that nobody uses is a warning, and so is what is wrong with matchers that are made when Envoy runs, or with lost actions. */
export function softenUnused(code: string, problem: Problem): Problem {
  if (problem.severity === 'error' && isInLaterDocument(problem.at)) return { ...problem, severity: 'warning' };
  if (problem.severity !== 'error' || (READING.has(code) && !problem.isLate && !isInTypedStruct(problem.at))) return problem;
  if (isOfLateMatcher(code, problem.at) || isUnread(problem.at) || isInLostAction(problem.at)) return { ...problem, severity: 'warning' };
  if (isOfTracerItself(code, problem.at)) return problem;
  const bootstrap = bootstrapOfTracing(problem.at);
  return bootstrap === undefined || usesTracer(bootstrap) ? problem : { ...problem, severity: 'warning' };
}

/** Of a bootstrap in YAML Envoy reads the first document. */
function isInLaterDocument({ tree, id }: ConfigNode): boolean {
  const [first, second] = tree.roots;
  return tree.language === 'yaml' && first !== undefined && second !== undefined && id >= second && isBootstrap(tree, first);
}

/** Metadata that nobody takes up by its type, and headers that nobody adds yet or that are made with a connection (observed with Envoy 1.40). */
function isUnread(at: ConfigNode): boolean {
  const field = at.enclosing(
    'typed_filter_metadata',
    'request_headers_to_add_when_not_enforced',
    'http_handshake',
    'deny_response_settings',
  );
  return field !== undefined && field.id !== at.id && !isInStatsMatcher(at) && !isOfLocalLimit(field);
}

/** Of the filters with headers for requests that would be limited, that of local limits makes them at once (local_ratelimit.cc). */
function isOfLocalLimit(field: ConfigNode): boolean {
  return field.isField('request_headers_to_add_when_not_enforced') && (typesAbove(field)[0] ?? '').includes('.local_ratelimit.');
}

/** What stands in a TypedStruct is read when its extension is made. */
function isInTypedStruct(at: ConfigNode): boolean {
  for (let node = at.parent; node; node = node.parent)
    if (node.isObject && node.entry('@type')?.asString()?.endsWith('.TypedStruct')) return true;
  return false;
}

/** Matchers of the names of statistics and of the admin interface's paths are made later, with all extensions in them (observed with Envoy 1.40). */
function isOfLateMatcher(code: string, at: ConfigNode): boolean {
  const matchers = at.enclosing('stats_config', 'allow_paths');
  return (
    matchers !== undefined &&
    (code === 'invalid-regex' || at.enclosing('typed_config', 'stats_config', 'allow_paths')?.isField('typed_config') === true)
  );
}

/** Whether there is such a tracer is looked at in any case (configuration_impl.cc initializeTracers). */
function isOfTracerItself(code: string, { tree, id }: ConfigNode): boolean {
  return (
    /^(?:wrong-extension|unknown-extension|unknown-type)$/.test(code) &&
    /^\/tracing\/http(?:\/typed_?config(?:\/(?:@type|type_?url))?)?$/i.test(tree.pointer(id))
  );
}

/** The outermost object, where the place lies below its `tracing`. */
function bootstrapOfTracing({ tree, id }: ConfigNode): ConfigNode | undefined {
  for (let at = id, parent = tree.parent(id); parent !== NO_NODE; at = parent, parent = tree.parent(at))
    if (tree.key(at) === 'tracing' && isBootstrap(tree, parent)) return new ConfigNode(tree, parent);
  return undefined;
}

/** A connection manager has a `tracing` too, and no `static_resources` beside it. */
function isBootstrap(tree: SyntaxTree, node: NodeId): boolean {
  return ['static_resources', 'staticResources', 'dynamic_resources', 'dynamicResources', 'admin'].some(
    (key) => tree.child(node, key) !== NO_NODE,
  );
}

/** Some connection manager below traces, and leaves the tracer to the bootstrap. */
const usesTracer = memoizeByNode(({ tree, id: bootstrap }: ConfigNode): boolean => {
  const end = tree.next(bootstrap);
  for (let at = bootstrap + 1; at < end; at++)
    if (tree.parent(at) !== bootstrap && tree.key(at) === 'tracing' && tree.isContainer(at) && tree.child(at, 'provider') === NO_NODE)
      return true;
  return false;
});
