// One line of what happened, for the script that started the window.
const fs = require('node:fs');
const process = require('node:process');

const { PROBE_FILE } = process.env;

exports.note = (what, more = {}) => {
  const { user, system } = process.cpuUsage();
  const line = { what, at: performance.timeOrigin + performance.now(), cpu: (user + system) / 1000, process: process.pid, ...more };
  fs.appendFileSync(PROBE_FILE, `${JSON.stringify(line)}\n`);
};
