/** Reads the file of a certificate that a configuration names, so that a hover can show it: from the disk, or through a client that serves files. */
import type { Place } from '../../features/place/place';
import { certificateFilesAt, LONGEST_CERTIFICATE_FILE } from '../../features/hover/certificateFile';
import type { ReadFile, ReadText } from './readText';

/** The text of the file that the place names, '' where it names none or none with a certificate can be read. */
export type ReadCertificateFile = (place: Place) => Promise<string>;

export interface CertificateReading {
  /** Undefined where the server has no disk. */
  readonly readFile: ReadFile | undefined;
  readonly readText: ReadText;
  servesFiles(): boolean;
  /** Uris of the workspace's folders. */
  folders(): readonly string[];
}

const CERTIFICATES = {
  length: LONGEST_CERTIFICATE_FILE,
  isWanted: (beginning: string) => beginning.includes('-----BEGIN CERTIFICATE-----'),
};

export function makeCertificateReader({ readFile, readText, servesFiles, folders }: CertificateReading): ReadCertificateFile {
  const read = async (uri: string): Promise<string | undefined> => {
    if (readFile && uri.startsWith('file:')) return readFile(uri, CERTIFICATES);
    const answer = servesFiles() ? await readText({ uri }) : { error: 'no files' };
    return 'text' in answer ? answer.text : undefined;
  };
  return async (place) => {
    for (const uri of certificateFilesAt(place, folders())) {
      // Most of the places where it may lie have no file.
      const text = (await read(uri).catch(() => undefined)) ?? '';
      if (CERTIFICATES.isWanted(text)) return text.slice(0, LONGEST_CERTIFICATE_FILE);
    }
    return '';
  };
}
