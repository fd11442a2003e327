/** The preview page: shows what the extension sends, and tells it what the person does. */
import type { Location, Trace, TraceRequest } from '../../server/src/protocol/trace';
import type { FromPage, ToPage, TraceFormat } from '../../server/src/protocol/webview';
import { createElement } from './createElement';
import { drawWay, type Way } from './drawWay';
import { renderNotes, renderOutcome, renderPathPicker } from './renderOutcome';
import { renderRequestForm } from './requestForm';
import { renderSteps } from './renderSteps';
import { word } from './words';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  setState(state: { request: TraceRequest; title: string }): void;
};

const host = acquireVsCodeApi();
const page = createElement('main', { id: 'main' }, [createElement('p', { class: 'hint' }, [word('noTrace')])]);

let way: Way | undefined;
let cursor: { uri: string; line: number } | undefined;

document.getElementById('page')?.append(page);
window.addEventListener('message', (event: MessageEvent<ToPage>) => receive(event.data));
window.addEventListener('resize', () => way?.place());
host.postMessage({ kind: 'ready' });

function receive(message: ToPage): void {
  switch (message.kind) {
    case 'busy':
      page.classList.add('busy');
      page.setAttribute('aria-busy', 'true');
      if (!way) page.replaceChildren(createElement('p', { class: 'hint' }, [word('tracing')]));
      return;
    case 'failed':
      return fail(message.message);
    case 'show':
      host.setState({ request: message.trace.request, title: message.title });
      // The same request again, e.g. after an edit of the file: whoever looked at the second path goes on doing so.
      return show(message.trace, sameRequest(message.trace) ? chosenPath : 0);
    case 'cursor': {
      // Only who moves in the file is followed: a trace that appears begins with its outcome.
      const isMoved = cursor !== undefined && (cursor.uri !== message.uri || cursor.line !== message.line);
      cursor = message;
      const lit = way?.light(message.uri, message.line);
      if (isMoved) lit?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      return;
    }
  }
}

let shownTrace: Trace | undefined;
let chosenPath = 0;

function sameRequest(trace: Trace): boolean {
  return chosenPath < trace.paths.length && JSON.stringify(shownTrace?.request) === JSON.stringify(trace.request);
}

function show(trace: Trace, chosen: number): void {
  const isFormOpen = page.querySelector<HTMLDetailsElement>('details.more')?.open ?? false;
  const focused = page.contains(document.activeElement) ? document.activeElement?.getAttribute('name') : undefined;
  const path = trace.paths[chosen];
  const scrolled = chosen === chosenPath && sameRequest(trace) ? page.querySelector('.scroll')?.scrollLeft : undefined;
  shownTrace = trace;
  chosenPath = chosen;
  way = path && drawWay(trace, chosen, { reveal, choosePath: (index) => show(trace, index) });
  settle();
  page.replaceChildren(
    ...[
      renderRequestForm(trace.request, isFormOpen, (request) => host.postMessage({ kind: 'trace', request })),
      path ? renderOutcome(path) : createElement('p', { class: 'hint' }, [word('noPath')]),
      renderPathPicker(trace, chosen, (index) => choose(trace, index)),
      renderNotes(trace),
      renderCopyBar(),
      path && way
        ? createElement('div', { class: 'columns' }, [createElement('div', { class: 'scroll' }, [way.element]), renderSteps(path, reveal)])
        : undefined,
    ].filter((element) => element !== undefined),
  );
  way?.place();
  if (scrolled === undefined) way?.centre();
  else page.querySelector('.scroll')?.scrollTo({ left: scrolled });
  if (focused) page.querySelector<HTMLElement>(`form [name="${CSS.escape(focused)}"]`)?.focus();
  if (cursor) way?.light(cursor.uri, cursor.line);
}

/** Keeps the focus on the radio button, so that arrow keys go on choosing. */
function choose(trace: Trace, index: number): void {
  show(trace, index);
  page.querySelector<HTMLInputElement>(`input[name="path"][value="${index}"]`)?.focus();
}

/** The request stays on the page: it is what one wants to change now. */
function fail(message: string): void {
  settle();
  page.querySelector('.failure')?.remove();
  const failure = createElement('div', { class: 'banner bad failure', role: 'alert' }, [
    createElement('strong', {}, [word('failed')]),
    createElement('span', {}, [message]),
  ]);
  const form = page.querySelector('form');
  if (form) form.after(failure);
  else page.replaceChildren(failure);
}

function settle(): void {
  page.classList.remove('busy');
  page.removeAttribute('aria-busy');
}

function reveal(at: Location): void {
  host.postMessage({ kind: 'reveal', at });
}

function renderCopyBar(): HTMLElement {
  const button = (format: TraceFormat, text: string) => {
    const element = createElement('button', { type: 'button', class: 'secondary' }, [text]);
    element.addEventListener('click', () => host.postMessage({ kind: 'copy', format }));
    return element;
  };
  return createElement('div', { class: 'copy' }, [
    createElement('span', {}, [word('copy')]),
    button('text', word('copyText')),
    button('json', word('copyJson')),
    button('mermaid', word('copyMermaid')),
    button('curl', word('copyCurl')),
  ]);
}
