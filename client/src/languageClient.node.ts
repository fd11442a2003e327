/** VS Code's client of language servers, in a bundle of its own: most windows have no file of ours, and never load it. */
export { LanguageClient, TransportKind } from 'vscode-languageclient/node';
