import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedDocuments, type Repository } from './generated-documents.js';

// `npm run docs`, in the root of the repository: run it when docs/*.yaml, the head of a decision, or a kind of upstream has changed.
const repository: Repository = { read: (path) => readFileSync(path, 'utf8'), list: (folder) => readdirSync(folder) };
for (const [path, text] of generatedDocuments(repository)) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
