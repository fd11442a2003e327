/** The name that a command operator in a text mentions (`%REQ(x-user)%`, `%DYNAMIC_METADATA(ns:key)%`), and the places that set what it names. */
import type { Range } from 'vscode-languageserver-types';
import { proxiesOf } from '../../index/buildSnapshot';
import { namedMessage } from '../../index/links/definitionsOf';
import { takesTraffic } from '../../model/resources/resource';
import type { ConfigNode } from '../../schema/configNode';
import type { ReferenceKind } from '../../schema/references/referenceSite';
import { findOperatorAt } from './findOperator';
import { configNodeAt, rangeOfSpan, type Place } from './place';

export interface OperatorPlace {
  /** Of what stands in the operator's parentheses. */
  readonly range: Range;
  /** Messages that set a header, a key of metadata, an object of filter state. */
  readonly setters: readonly ConfigNode[];
}

/** A header may be set in every route: nobody looks at all of these. */
const MANY = 100;

/** Undefined where no operator names anything that a configuration sets. */
export function operatorPlaceAt(place: Place): OperatorPlace | undefined {
  const node = configNodeAt(place);
  if (!node || node.tree.isContainer(node.id)) return undefined;
  const { tree } = node;
  const { start, end } = tree.span(node.id);
  if (place.offset < start || place.offset > end) return undefined;
  const found = findOperatorAt(tree.text.slice(start, end), place.offset - start);
  const parameters = found?.parameters ?? '';
  const from = start + (found?.start ?? 0) + `%${found?.name ?? ''}(`.length;
  const mentioned = found && mentionedName(found.name, parameters, place.offset - from);
  if (!mentioned) return undefined;
  return { range: rangeOfSpan(tree, { start: from, end: from + parameters.length }), setters: settersOf(place, mentioned) };
}

interface MentionedName {
  readonly kind: ReferenceKind;
  readonly name: string;
  /** The namespace of a key of metadata. */
  readonly qualifier?: string;
}

/** `at`: the cursor, in the parameters: of two headers with `?` between them it picks one (Envoy: source/common/formatter). */
function mentionedName(operator: string, parameters: string, at: number): MentionedName | undefined {
  if (/^(?:REQ|RESP|TRAILER|STREAM_INFO_REQ|(?:REQUEST|RESPONSE)_(?:HEADER|TRAILER))$/.test(operator)) {
    const [main = '', other] = parameters.split('?');
    return { kind: 'header', name: other !== undefined && at > main.length ? other : main };
  }
  const parts = parameters.split(':');
  if (operator === 'FILTER_STATE') return { kind: 'filter_state', name: parts[0] ?? '' };
  const path = operator === 'DYNAMIC_METADATA' ? parts : operator === 'METADATA' && parts[0] === 'DYNAMIC' ? parts.slice(1) : [];
  const [qualifier, name] = path;
  if (qualifier === undefined) return undefined;
  return name === undefined ? { kind: 'metadata_namespace', name: qualifier } : { kind: 'metadata', name, qualifier };
}

function settersOf({ snapshot, uri }: Place, { kind, name, qualifier }: MentionedName): ConfigNode[] {
  return proxiesOf(snapshot, uri)
    .flatMap((proxy) => snapshot.namesOf(proxy).definitions(kind, name))
    .filter((each) => takesTraffic(each.resource) && each.qualifier === qualifier)
    .slice(0, MANY)
    .map(namedMessage);
}
