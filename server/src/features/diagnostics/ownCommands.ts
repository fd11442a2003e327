/** Command operators that only some formats have: those of their formatters, and of the filter in which they stand (source/extensions). */
import { readTyped, type ConfigNode } from '../../schema/configNode';
import { typesAbove } from './typesAbove';

export interface OwnCommands {
  /** They take what they like. */
  readonly names: ReadonlySet<string>;
  /** There may be others, of code that Envoy loads. */
  readonly isOpen: boolean;
}

export const NO_COMMANDS: OwnCommands = { names: new Set(), isOpen: false };

/** By the package of the formatter; what the first two bring all formats have. */
const OF_FORMATTERS: Readonly<Record<string, readonly string[]>> = {
  cel: [],
  metadata: [],
  req_without_query: ['REQ_WITHOUT_QUERY'],
  file_content: ['FILE_CONTENT'],
  generic_secret: ['SECRET'],
};

/** By the package of the filter: for bodies (http/transform/transform.cc), and for requests of any protocol (network/generic_proxy/access_log.cc). */
const OF_FILTERS: Readonly<Record<string, readonly string[]>> = {
  'http.transform': ['REQUEST_BODY', 'RESPONSE_BODY'],
  'network.generic_proxy': ['METHOD', 'HOST', 'PATH', 'PROTOCOL', 'REQUEST_PROPERTY', 'RESPONSE_PROPERTY', 'GENERIC_RESPONSE_CODE'],
};

/** The commands of a format besides those that all formats have; `format` has the `formatters`. */
export function ownCommands(format: ConfigNode): OwnCommands {
  const formatters = format
    .list('formatters')
    .map((formatter) => packageOf('formatter', readTyped(formatter.get('typed_config') ?? formatter).type));
  const filters = typesAbove(format).map((type) => packageOf('filters', type));
  const names = [...formatters.map((name) => OF_FORMATTERS[name]), ...filters.map((name) => OF_FILTERS[name])].flatMap(
    (each) => each ?? [],
  );
  return { names: new Set(names), isOpen: formatters.some((name) => OF_FORMATTERS[name] === undefined) };
}

/** Example: `http.transform` of `envoy.extensions.filters.http.transform.v3.TransformConfig`. */
function packageOf(category: string, type: string): string {
  const prefix = `envoy.extensions.${category}.`;
  return type.startsWith(prefix) ? type.slice(prefix.length).replace(/\.v3\..*$/, '') : '';
}
