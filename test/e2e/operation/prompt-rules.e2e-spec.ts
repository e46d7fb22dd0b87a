import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');

/** Files of rules are no code: a build that leaves them out would end every process at its start. */
it('the build has the files of prompt rules', async () => {
  const wire = pathToFileURL(join(ROOT, 'dist/libs/wire/src/index.js')).href;
  const script = `import { PROMPT_RULES, lintPrompt } from ${JSON.stringify(wire)};
    console.log(JSON.stringify([Object.keys(PROMPT_RULES.kinds), lintPrompt('a fox --v 8')]));`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject([
    ['midjourney', 'youchuan', 'legnext', 'apimart'],
    [{ rule: 'value_unusual', fix: '8.2' }],
  ]);
});
