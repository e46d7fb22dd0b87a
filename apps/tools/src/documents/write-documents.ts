import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedDocuments } from './generated-documents.js';

// `npm run docs`, in the root of the repository: run it when docs/reliability.yaml or docs/security.yaml has changed.
for (const [path, text] of generatedDocuments((source) => readFileSync(source, 'utf8'))) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
