/** Who finds what names mean. */
import type { Resource } from '../../model/resources/resource';
import type { DocumentNames } from '../names/documentNames';
import type { ProxyScope } from '../proxyScope';
import type { LinkStatus } from './resolveName';

/** What the names of one site mean. */
export interface LinkSeeker {
  readonly proxy: ProxyScope | undefined;
  /** The resource that the name at an index means, else what the name is; undefined where only resolveName can tell. */
  find(names: DocumentNames, index: number): Resource | LinkStatus | undefined;
}
