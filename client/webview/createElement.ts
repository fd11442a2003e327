/** Makes elements whose text is always text: what a dump holds never becomes markup, and does not steer the page. */
import { printable } from '../../server/src/protocol/printable';

type Children = readonly (Node | string | undefined)[];

/** `attributes` are set as attributes; `class` among them. Absent children are left out. */
export function createElement<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  children: Children = [],
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, printable(value));
  element.append(...children.filter((child) => child !== undefined).map((child) => (typeof child === 'string' ? printable(child) : child)));
  return element;
}

/** The nodes of a sentence in which names stand in backticks. */
export function sentenceNodes(sentence: string): (Node | string)[] {
  return sentence.split('`').map((part, index) => (index % 2 === 1 ? createElement('code', {}, [part]) : part));
}

/** A long name that is broken, where it must be, between its parts: behind `|`, `/`, `,`, `;` and `_`, before a dot. */
export function nameNodes(name: string): (Node | string)[] {
  const parts = name.split(/(?<=[|/,;_])(?![|/,;_])|(?=\.)/);
  return parts.flatMap((part, index) => (index === 0 ? [part] : [createElement('wbr'), part]));
}
