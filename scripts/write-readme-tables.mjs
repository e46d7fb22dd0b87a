// Writes the tables of README.md that come from the code: run after a build, when variables or errors change.
import { readFile, writeFile } from 'node:fs/promises';
import { readmeTables } from '../dist/apps/tools/src/readme-tables.js';

const readme = await readFile('README.md', 'utf8');
await writeFile('README.md', readmeTables(readme));
