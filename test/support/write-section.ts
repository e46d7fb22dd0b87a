import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { replaceSection } from './marked-section.js';

/** Writes a text between the markers of a Markdown file, in the project's format. @throws Error when it has none */
export async function writeSection(path: string, name: string, text: string): Promise<void> {
  const document = replaceSection(await readFile(path, 'utf8'), name, text);
  await writeFile(path, await format(document, { ...(await resolveConfig(path)), filepath: path }));
}
