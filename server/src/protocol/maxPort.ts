/** The highest port of TCP and UDP. */
export const MAX_PORT = 65_535;
