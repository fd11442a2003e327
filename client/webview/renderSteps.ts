/** The steps of a path in words: what was decided, why, and what was rejected. */
import type { Location, RejectedCandidate, TraceHop, TracePath, TraceStep } from '../../server/src/protocol/trace';
import { createElement, sentenceNodes } from './createElement';
import { fileName } from '../../server/src/protocol/fileName';
import { proxyWords } from './proxyWords';
import { word } from './words';

/** Undefined where a path ends before its first step. */
export function renderSteps(path: TracePath, reveal: (at: Location) => void): HTMLElement | undefined {
  if (path.hops.length === 0) return undefined;
  const hops = path.hops.map((hop, index) => renderHop(hop, index, reveal));
  return createElement('section', { class: 'steps', 'aria-label': word('steps') }, [createElement('h2', {}, [word('steps')]), ...hops]);
}

function renderHop(hop: TraceHop, index: number, reveal: (at: Location) => void): HTMLElement {
  const title = createElement('summary', {}, [
    createElement('span', { class: 'number' }, [String(index + 1)]),
    createElement('span', { class: 'proxy', title: hop.proxy }, [proxyWords(hop)[0]]),
    createElement('span', { class: 'listener' }, [hop.listener ?? hop.service ?? hop.workload ?? hop.kind]),
  ]);
  const steps = createElement(
    'ol',
    {},
    hop.steps.map((step) => renderStep(step, reveal)),
  );
  return createElement('details', { class: 'hop', open: '' }, [title, steps]);
}

function renderStep(step: TraceStep, reveal: (at: Location) => void): HTMLElement {
  const decision = createElement('span', { class: 'decision' }, sentenceNodes(step.decision));
  return createElement('li', { class: step.assumed ? 'step assumed' : 'step' }, [
    createElement('div', { class: 'line' }, [
      createElement('span', { class: 'stage' }, [step.stage.replaceAll('_', ' ')]),
      step.at ? placeLink(decision, step.at, reveal) : decision,
      step.madeBy === undefined ? undefined : createElement('span', { class: 'tag', title: word('madeBy') }, [step.madeBy]),
      step.assumed ? createElement('span', { class: 'tag' }, [word('assumed')]) : undefined,
    ]),
    step.because ? createElement('div', { class: 'because' }, sentenceNodes(step.because)) : undefined,
    step.rejectedTotal > 0 ? renderRejected(step, reveal) : undefined,
  ]);
}

/** Filled when it is opened: a route may have come after hundreds of others. */
function renderRejected(step: TraceStep, reveal: (at: Location) => void): HTMLElement {
  const details = createElement('details', { class: 'rejected' }, [
    createElement('summary', {}, [`${word('rejected')} (${step.rejectedTotal})`]),
  ]);
  details.addEventListener(
    'toggle',
    () => {
      const more = step.rejectedTotal - step.rejected.length;
      const items = step.rejected.map((candidate) => renderCandidate(candidate, reveal));
      details.append(createElement('ul', {}, items));
      if (more > 0) details.append(createElement('div', { class: 'because' }, [word('rejectedMore', more)]));
    },
    { once: true },
  );
  return details;
}

function renderCandidate({ candidate, because, at }: RejectedCandidate, reveal: (at: Location) => void): HTMLElement {
  const name = createElement('span', { class: 'candidate' }, sentenceNodes(candidate));
  return createElement('li', {}, [
    at ? placeLink(name, at, reveal) : name,
    createElement('span', { class: 'because' }, [' ', ...sentenceNodes(because)]),
  ]);
}

function placeLink(content: HTMLElement, at: Location, reveal: (at: Location) => void): HTMLElement {
  const button = createElement('button', { type: 'button', class: 'place', title: `${word('reveal')}: ${fileName(at.uri)}:${at.line}` }, [
    content,
  ]);
  button.addEventListener('click', () => reveal(at));
  return button;
}
