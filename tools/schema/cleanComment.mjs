/** Turns a comment of an Envoy .proto file (reStructuredText and `[#…]` notes) into one or two sentences of Markdown. */

const LONGEST = 400;

/**
 * @param {string | null} comment as protobufjs gives it: lines without the leading slashes
 * @returns {string} '' where nothing readable is left
 */
export function cleanComment(comment) {
  if (!comment) return '';
  const text = firstParagraphs(dropNotes(comment)).replace(/\s+/g, ' ').trim();
  return firstSentences(inlineMarkup(text));
}

/** `[#next-free-field: 6]`, `[#not-implemented-hide:]`, `[#extension: …]`; brackets may nest and span lines. */
function dropNotes(text) {
  let kept = '';
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text.startsWith('[#', i)) depth++;
    else if (depth > 0 && text[i] === '[') depth++;
    if (depth === 0) kept += text[i];
    if (depth > 0 && text[i] === ']') depth--;
  }
  return kept;
}

/** Up to the first directive (`.. note::`), list, table, code block or heading. */
function firstParagraphs(text) {
  const lines = [];
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (/^(\.\. |[*-] |\d+\. |#\. |\+[-=]|```|[-=~^]{3,}$|\|)/.test(trimmed)) break;
    lines.push(trimmed);
    if (trimmed.endsWith('::')) break;
  }
  return lines.join('\n').replace(/:+\s*$/, '.');
}

function inlineMarkup(text) {
  return text
    .replace(/(?<!:)\bref:`/g, ':ref:`')
    .replace(/:[\w-]+:`([^`<]*?)\s*<[^>`]*>`/g, (_, label) => asCode(label))
    .replace(/:[\w-]+:`([^`]*)`/g, (_, label) => asCode(label))
    .replace(/``([^`]*)``/g, '`$1`')
    .replace(/`([^`<]+?)\s*<(https?:[^>`]*)>`_+/g, '[$1]($2)')
    .replace(/:ref:\s?/g, '')
    .replace(/\s<(?:https?:|envoy_v\d_)[^>\s]*>?`?_?/g, '')
    .replace(/`{2,}/g, '`')
    .replace(/\b(TODO|FIXME)\b.*$/, '')
    .trim();
}

/** Names of fields and values as code, words as they are. */
function asCode(label) {
  // An anchor without a label: the header that it is about.
  const name = label
    .trim()
    .replace(/^config_(?:http_conn_man_headers_|\w+?_(?=x-))/, '')
    .replace(/^(?:config|arch_overview|operations|well_known|install|start|faq)_[a-z0-9_]+$/, (anchor) =>
      anchor.split('_').slice(1).join(' '),
    )
    .replace(/^envoy_v\d_api_[a-z]+_(?:\w+\.)*/, '');
  return /[_.]|^x-/.test(name) && !/\s/.test(name) ? `\`${name}\`` : name;
}

/** Keeps an abbreviation from ending its sentence. */
const GLUE = '\uE000';

/** What announced a list or a block that is cut off. */
const LEFTOVER = /(?<=[.!?])\s+(?:Examples?|For example|E\.g|Format|Note)\s*[.:,]*$/i;

/** Two sentences, or as many as fit. */
function firstSentences(text) {
  const sentences =
    text.replace(/\b(e\.g|i\.e)\.\s+/gi, `$1.${GLUE}`).match(/[^.!?]+(?:[.!?]+(?!\s+[A-Z`[(*"']|\s*$)[^.!?]*)*[.!?]*\s*/g) ?? [];
  let kept = '';
  for (const sentence of sentences.slice(0, 2)) {
    if (kept !== '' && kept.length + sentence.length > LONGEST) break;
    kept += sentence;
  }
  const short = kept.replaceAll(GLUE, ' ').trim().replace(LEFTOVER, '');
  return short.length <= LONGEST ? short : `${short.slice(0, short.lastIndexOf(' ', LONGEST))} …`;
}
