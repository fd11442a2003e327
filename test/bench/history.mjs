// The figures of each release, one file each: what a later run is compared with.
import fs from 'node:fs';
import path from 'node:path';

/** A ratio this many times worse than before is an error; less is noise. */
const FAR = 2.5;

export function openHistory(folder, packageFile) {
  const versions = () =>
    fs
      .readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return {
    /** Figures by name, of the newest release; {} before the first. */
    latest(isSmall) {
      const newest = versions().at(-1);
      return (newest && JSON.parse(fs.readFileSync(path.join(folder, newest), 'utf8'))[isSmall ? 'small' : 'full']?.figures) ?? {};
    },
    record({ environment, figures }, isSmall) {
      const { version } = JSON.parse(fs.readFileSync(packageFile, 'utf8'));
      const file = path.join(folder, `${version}.json`);
      const known = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
      const measured = Object.fromEntries(figures.map((figure) => [nameOf(figure), Number(figure.value.toPrecision(3))]));
      const { node, cpu } = environment;
      fs.writeFileSync(
        file,
        `${JSON.stringify({ ...known, version, [isSmall ? 'small' : 'full']: { node, cpu, figures: measured } }, undefined, 2)}\n`,
      );
    },
  };
}

/** Figures that miss their floor and are far worse than those of the release before. */
export function findFarBehind({ figures }, before) {
  const found = figures.filter((figure) => {
    const known = before[nameOf(figure)];
    // What has no limit is only reported.
    if (known === undefined || figure.floor === null) return false;
    return figure.unit === 'per second'
      ? figure.value * FAR < Math.min(known, figure.floor)
      : figure.value > FAR * Math.max(known, figure.floor);
  });
  for (const figure of found)
    console.error(`far behind: ${nameOf(figure)} is ${figure.value.toPrecision(3)}, was ${before[nameOf(figure)]}`);
  return found;
}

function nameOf({ work, on }) {
  return `${work} · ${on}`;
}
