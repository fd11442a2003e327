// Runs in the server before its own code: when it begins, and what goes in and out.
const process = require('node:process');
const { note } = require('./note.cjs');

note('server process begins');
process.on('message', (message) => note(`server gets ${nameOf(message)}`));
const send = process.send;
process.send = (message, ...rest) => {
  note(`server sends ${nameOf(message)}`);
  return send.call(process, message, ...rest);
};

function nameOf({ method, id, result }) {
  if (method !== undefined) return id === undefined ? method : `${method}#${id}`;
  return `${Array.isArray(result) ? `${result.length} results` : 'an answer'}#${id}`;
}
