/** The banner that says how a path ends, and the list from which a path is chosen. */
import type { Trace, TracePath } from '../../server/src/protocol/trace';
import { decidingStep } from '../../server/src/protocol/decidingStep';
import { createElement, sentenceNodes } from './createElement';
import { drawnPaths } from './drawWay';
import { percent, word } from './words';
import { shortenNames } from './shortenNames';
import { toneOf } from './toneOf';

export function renderOutcome(path: TracePath): HTMLElement {
  const { response } = path;
  const end = path.hops.at(-1)?.endpoint;
  const facts = [
    path.disposition === 'upstream' ? end?.address : undefined,
    path.disposition === 'upstream' ? end?.unseen : undefined,
    response?.code === undefined ? undefined : String(response.code),
    response?.flags?.join(','),
    response?.details,
    response?.location,
  ].filter((fact) => fact !== undefined && fact !== '');
  return createElement('div', { class: `banner ${toneOf(path.disposition)}`, role: 'status' }, [
    createElement('strong', { class: 'disposition' }, [path.disposition.replaceAll('_', ' ')]),
    createElement('span', { class: 'probability' }, [path.probability === 1 ? '' : percent(path.probability)]),
    createElement('span', { class: 'facts' }, [facts.join(' · ')]),
    renderReason(path),
    path.missing?.length ? renderList(word('missing'), path.missing) : undefined,
  ]);
}

/** Why it goes no further, in the words of the step that decided it; undefined for ways that end as they should. */
function renderReason(path: TracePath): HTMLElement | undefined {
  const tone = toneOf(path.disposition);
  if (tone !== 'bad' && path.disposition !== 'closed') return undefined;
  const because = decidingStep(path)?.because;
  return because ? createElement('div', { class: 'reason' }, sentenceNodes(because)) : undefined;
}

/** What is said below the picture: ways that were left out, and notes of the trace. */
export function renderNotes(trace: Trace): HTMLElement | undefined {
  const left = trace.paths.length > drawnPaths ? [word('otherPaths', trace.paths.length, drawnPaths)] : [];
  const notes = [...trace.notes, ...(trace.truncated ? [word('truncated')] : []), ...left];
  return notes.length > 0 ? createElement('div', { class: 'notes' }, [renderList(word('notes'), notes)]) : undefined;
}

function renderList(title: string, items: readonly string[]): HTMLElement {
  return createElement('div', { class: 'list' }, [
    createElement('span', { class: 'title' }, [title]),
    createElement(
      'ul',
      {},
      items.map((item) => createElement('li', {}, sentenceNodes(item))),
    ),
  ]);
}

/** Radio buttons, so that arrow keys choose; undefined where there is nothing to choose. */
export function renderPathPicker(trace: Trace, chosen: number, choose: (index: number) => void): HTMLElement | undefined {
  if (trace.paths.length < 2) return undefined;
  const ends = pathEnds(trace.paths);
  const rows = trace.paths.map((path, index) => {
    const { whole = '', short = '' } = ends[index] ?? {};
    const radio = createElement('input', { type: 'radio', name: 'path', value: String(index) });
    radio.checked = index === chosen;
    radio.addEventListener('change', () => choose(index));
    const bar = createElement('meter', { min: '0', max: '1', 'aria-hidden': 'true' });
    bar.value = path.probability ?? 0;
    return createElement(
      'label',
      { class: `path ${toneOf(path.disposition)}`, title: `${word('pathOf', index + 1, trace.paths.length)}: ${whole}` },
      [
        radio,
        bar,
        createElement('span', { class: 'probability' }, [path.probability === null ? '?' : percent(path.probability)]),
        createElement('span', { class: 'disposition' }, [path.disposition.replaceAll('_', ' ')]),
        createElement('span', { class: 'end' }, [short]),
      ],
    );
  });
  return createElement('fieldset', { class: 'paths' }, [
    createElement('legend', {}, [`${word('paths')} (${trace.paths.length})`]),
    ...rows,
  ]);
}

/** What sets each path apart from the others: its branches, else where it ends; in whole and cut down to what differs. */
function pathEnds(paths: readonly TracePath[]): { whole: string; short: string }[] {
  const values = paths.map(({ branches, hops }) => {
    const end = hops.at(-1);
    return branches.length > 0 ? branches.map(({ value }) => value) : [end?.endpoint?.address ?? end?.cluster ?? ''];
  });
  const depth = Math.max(...values.map(({ length }) => length));
  const shortened = Array.from({ length: depth }, (_, at) => shortenNames(values.map((each) => each[at] ?? '')));
  return values.map((each, index) => ({
    whole: each.join(' · '),
    short: each.map((value, at) => shortened[at]?.[index] ?? value).join(' · '),
  }));
}
