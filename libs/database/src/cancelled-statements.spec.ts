import { Logger } from '@nestjs/common';
import { CancelledStatements } from './cancelled-statements.js';

it('counts every cancelled statement, and tells once a minute of each', () => {
  const said = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  let now = 0;
  const cancelled = new CancelledStatements(() => now);
  for (const name of ['task_list_own', 'task_list_own', 'task_open']) cancelled.note(name);
  expect(said.mock.calls.map(([line]) => String(line).split(' ')[0])).toEqual(['task_list_own', 'task_open']);
  now += 60_000;
  cancelled.note('task_open');
  expect(said).toHaveBeenCalledTimes(3);
  expect(cancelled.count).toBe(4);
  said.mockRestore();
});
