/** The form by which a person changes the request and traces it again. */
import type { TraceRequest } from '../../server/src/protocol/trace';
import { createElement } from './createElement';
import { fieldsOfRequest, requestOfFields, type RequestFields } from './requestFields';
import { word } from './words';

type FieldName = keyof RequestFields;

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'CONNECT'];

/** `send` gets the changed request. */
export function renderRequestForm(request: TraceRequest, isOpen: boolean, send: (request: TraceRequest) => void): HTMLFormElement {
  const fields = fieldsOfRequest(request);
  const problem = createElement('div', { class: 'problem', role: 'alert' });
  const form = createElement('form', { class: 'request', 'aria-label': word('request') }, [
    createElement('div', { class: 'bar' }, [
      input('method', fields, { list: 'methods' }),
      input('url', fields, { placeholder: word('urlHint') }),
      createElement('button', { type: 'submit', class: 'primary' }, [word('traceAgain')]),
    ]),
    createElement(
      'datalist',
      { id: 'methods' },
      methods.map((value) => createElement('option', { value })),
    ),
    renderInner(fields),
    problem,
    createElement('details', { class: 'more', ...(isOpen && { open: '' }) }, [
      createElement('summary', {}, [word('editRequest')]),
      createElement('div', { class: 'fields' }, moreFields(fields)),
    ]),
  ]);
  const inner = form.querySelector<HTMLElement>('.inner');
  const method = form.querySelector<HTMLInputElement>('input[name="method"]');
  method?.addEventListener('input', () => {
    if (inner) inner.hidden = method.value.toUpperCase() !== 'CONNECT';
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const changed = requestOfFields(readFields(form, fields), request);
    problem.textContent = typeof changed === 'string' ? word(changed) : '';
    if (typeof changed !== 'string') send(changed);
  });
  return form;
}

/** The request inside a tunnel stands below the CONNECT that carries it, and is not shown for other methods. */
function renderInner(fields: RequestFields): HTMLElement {
  const inner = createElement('div', { class: 'bar inner' }, [
    createElement('span', { class: 'hint' }, [word('insideTunnel')]),
    input('innerMethod', fields, { list: 'methods' }),
    input('innerUrl', fields, { placeholder: word('innerUrlHint') }),
  ]);
  inner.hidden = fields.method !== 'CONNECT';
  return inner;
}

function moreFields(fields: RequestFields): HTMLElement[] {
  return [
    area('headers', fields, word('headersHint')),
    ...(fields.method === 'CONNECT' ? [area('innerHeaders', fields, word('headersHint'))] : []),
    labelled('destination', input('destination', fields, { placeholder: '10.96.183.192:9080' })),
    labelled('source', input('source', fields, { placeholder: '10.244.2.3' })),
    choice('version', fields, ['http1', 'http2', 'http3']),
    choice('transport', fields, ['', 'raw_buffer', 'tls', 'quic']),
    labelled('sni', input('sni', fields)),
    labelled('alpn', input('alpn', fields, { placeholder: 'h2,http/1.1' })),
    area('principals', fields, word('principalsHint')),
    choice('capture', fields, ['', 'outbound', 'inbound', 'none']),
    labelled('random', input('random', fields, { inputmode: 'numeric', pattern: '[0-9]*', title: word('randomHint') })),
    ...(fields.here ? [labelled('here', input('here', fields, { type: 'checkbox', checked: '' }))] : []),
  ];
}

/** Fields that the form does not show keep their text. */
function readFields(form: HTMLFormElement, before: RequestFields): RequestFields {
  const fields = { ...before };
  const data = new FormData(form);
  for (const name of Object.keys(fields) as FieldName[]) {
    const given = data.get(name);
    if (typeof given === 'string') fields[name] = given.replaceAll('\r\n', '\n');
    // An unchecked box is not among the data.
    else if (name === 'here') fields.here = '';
  }
  return fields;
}

function input(name: FieldName, fields: RequestFields, attributes: Record<string, string> = {}): HTMLInputElement {
  const element = createElement('input', { name, 'aria-label': word(name), spellcheck: 'false', autocomplete: 'off', ...attributes });
  element.value = fields[name];
  return element;
}

function area(name: FieldName, fields: RequestFields, hint: string): HTMLElement {
  const element = createElement('textarea', { name, rows: '2', placeholder: hint, spellcheck: 'false' });
  element.value = fields[name];
  return labelled(name, element);
}

function choice(name: FieldName, fields: RequestFields, values: readonly string[]): HTMLElement {
  const options = values.map((value) => createElement('option', { value }, [value || word('asDefault')]));
  const select = createElement('select', { name }, options);
  select.value = fields[name];
  return labelled(name, select);
}

function labelled(name: FieldName, control: HTMLElement): HTMLElement {
  return createElement('label', { class: `field field-${name}` }, [createElement('span', {}, [word(name)]), control]);
}
