/** Walks along resources in file order: what names them stands in the same order as a rule, so the next one is looked at first. */
import type { Resource } from '../../model/resources/resource';
import { findFirst } from '../../text/findFirst';
import type { NamedResources } from '../names/namedResources';

export class ResourcesInOrder {
  private readonly order: readonly number[];
  private at = 0;

  constructor(private readonly resources: NamedResources) {
    this.order = resources.order;
  }

  next(): Resource | undefined {
    return this.resources.at(this.order[this.at] ?? -1);
  }

  nextName(): string | undefined {
    const place = this.order[this.at];
    return place === undefined ? undefined : this.resources.nameAt(place);
  }

  goOn(): void {
    this.at++;
  }

  /** The next one is then the first behind a place (NamedResources.placeOf). */
  goBehind(place: number): void {
    this.at = findFirst(this.order.length, (at) => (this.order[at] ?? 0) > place);
  }
}
