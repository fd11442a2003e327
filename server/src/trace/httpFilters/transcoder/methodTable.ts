/** Which method of gRPC an HTTP request means (Envoy: grpc_json_transcoder/json_transcoder_filter.cc; grpc-httpjson-transcoding: path_matcher.h). */
import type { ServiceMethod } from '../../../model/descriptorSet';

export interface Binding {
  /** Example: `['item', 'id']` */
  readonly fieldPath: readonly string[];
  readonly value: string;
}

export interface FoundMethod {
  readonly method: ServiceMethod;
  /** Of the path's variables. */
  readonly bindings: readonly Binding[];
}

/** Templates as a tree of their segments. */
export class MethodTable {
  private readonly root: PathNode = newNode();
  private readonly customVerbs = new Set<string>();

  constructor(private readonly takesAnyVerb: boolean) {}

  /** False: the template cannot be read. */
  add(verb: string, text: string, method: ServiceMethod): boolean {
    const template = readTemplate(text);
    if (!template) return false;
    if (template.customVerb !== '') this.customVerbs.add(template.customVerb);
    let node = this.root;
    for (const segment of template.segments) {
      const next = node.children.get(segment) ?? newNode();
      node.children.set(segment, next);
      node = next;
    }
    const key = keyOf(verb, template.customVerb);
    // Two methods of one template are none.
    node.methods.set(key, node.methods.has(key) ? undefined : { method, variables: template.variables });
    return true;
  }

  /** `path` is without its query. */
  find(verb: string, path: string): FoundMethod | undefined {
    const { parts, customVerb } = this.partsOf(path);
    const found = findFrom(this.root, parts, keyOf(verb, customVerb));
    if (!found) return undefined;
    const bindings = found.variables.map(({ fieldPath, start, end }) => ({
      fieldPath,
      value: parts.slice(start, end < 0 ? parts.length + end + 1 : end).join('/'),
    }));
    return { method: found.method, bindings };
  }

  /** Slashes at the end do not count; what follows the last colon is a verb only where a template has it. */
  private partsOf(path: string): { parts: string[]; customVerb: string } {
    const colon = path.lastIndexOf(':');
    const verb = colon > path.lastIndexOf('/') ? path.slice(colon + 1) : '';
    const isVerb = verb !== '' && (this.takesAnyVerb || this.customVerbs.has(verb));
    const parts = (isVerb ? path.slice(0, colon) : path).slice(1).split('/');
    while (parts.at(-1) === '') parts.pop();
    return { parts, customVerb: isVerb ? verb : '' };
  }
}

interface Variable {
  readonly fieldPath: readonly string[];
  readonly start: number;
  /** Counted from the end where negative. */
  readonly end: number;
}

interface Entry {
  readonly method: ServiceMethod;
  readonly variables: readonly Variable[];
}

interface PathNode {
  readonly children: Map<string, PathNode>;
  readonly methods: Map<string, Entry | undefined>;
}

const ONE = '*';
const REST = '**';

function newNode(): PathNode {
  return { children: new Map(), methods: new Map() };
}

function keyOf(verb: string, customVerb: string): string {
  return `${verb} ${customVerb}`;
}

/** A segment's own text before `*`, that before `**`. */
function findFrom(node: PathNode, [part, ...rest]: readonly string[], key: string): Entry | undefined {
  const remainder = node.children.get(REST)?.methods.get(key);
  if (part === undefined) return node.methods.get(key) ?? remainder;
  for (const name of [part, ONE]) {
    const child = node.children.get(name);
    const found = child && findFrom(child, rest, key);
    if (found) return found;
  }
  return remainder;
}

interface Template {
  readonly segments: readonly string[];
  readonly variables: readonly Variable[];
  readonly customVerb: string;
}

const SEGMENT = /([^/{}=:]+)|\{([\w.]+)(?:=([^{}]+))?\}/y;

/** `/v1/{name=shelves/*}/books:read`; undefined for other texts. */
function readTemplate(text: string): Template | undefined {
  const segments: string[] = [];
  const spans: { fieldPath: string[]; start: number; end: number }[] = [];
  let at = 0;
  while (text.charAt(at) === '/') {
    SEGMENT.lastIndex = at + 1;
    const match = SEGMENT.exec(text);
    if (!match) return at + 1 === text.length ? finish(text, at + 1) : undefined;
    const [whole, literal, name, inner = ONE] = match;
    const start = segments.length;
    segments.push(...(literal === undefined ? inner.split('/') : [literal]));
    if (name !== undefined) spans.push({ fieldPath: name.split('.'), start, end: segments.length });
    at += 1 + whole.length;
  }
  return finish(text, at);

  function finish(template: string, end: number): Template | undefined {
    const customVerb = template.slice(end);
    if (end === 0 || (customVerb !== '' && !/^:[^/{}:]+$/.test(customVerb))) return undefined;
    const rest = segments.indexOf(REST);
    const variables = spans.map((span) => (rest >= 0 && span.end > rest ? { ...span, end: span.end - segments.length - 1 } : span));
    return { segments, variables, customVerb: customVerb.slice(1) };
  }
}
