/** Which Envoy Lens this is: of the package alone its number ends up in bundles. */
import { version } from '../../../package.json';

export const VERSION: string = version;
