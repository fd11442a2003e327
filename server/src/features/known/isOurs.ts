/** Whether a document is of Envoy, Istio or the Gateway API. Other Kubernetes resources may be named by ours; in their own files we say nothing. */
import type { DocumentFacts } from '../../index/documentFacts';
import { isOfMesh } from '../../model/istio/istioSpec';
import { memoizeByObject } from '../../text/memoizeByObject';

/** True as soon as one thing in it is ours. */
export const isOurs: (facts: DocumentFacts) => boolean = memoizeByObject(({ parts }) =>
  parts.some(({ kind, resources }) => kind !== 'istio' || resources.some((each) => each.kind !== 'istio_resource' || isOfMesh(each.node))),
);
