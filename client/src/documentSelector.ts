/** The languages that configurations are written in; ours are told from others by their content. */

const languages = ['json', 'jsonc', 'yaml'] as const;

/** Any scheme: a dump may be an untitled paste, a file in a repository on the web, or inside an archive. */
export const documentSelector = languages.map((language) => ({ language }));

/** The files of a workspace that may hold a configuration. */
export const configurationFiles = '**/*.{json,jsonc,yaml,yml}';

/** Whether documents of a language may be configurations at all. */
export function isConfigurationLanguage(languageId: string): boolean {
  return languages.some((language) => language === languageId);
}
