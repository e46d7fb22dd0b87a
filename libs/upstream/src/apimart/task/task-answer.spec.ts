import { readTaskAnswer } from './task-answer.js';

const ID = 'task_01K8ABCDEFGHJKMNPQRSTVWXYZ';

const read = (body: object, status = 200): ReturnType<typeof readTaskAnswer> =>
  readTaskAnswer({ status, body: Buffer.from(JSON.stringify(body)) }, ID, 'https://api.test');

it.each<[string, object, object]>([
  ['alone', { id: ID, status: 'IN_PROGRESS' }, { status: 'IN_PROGRESS' }],
  ['in an envelope', { code: 200, data: { id: ID, status: 'SUBMITTED' } }, { status: 'SUBMITTED' }],
  [
    'in an envelope with a status of its own',
    { status: 'success', code: 200, data: { id: ID, status: 'IN_PROGRESS' } },
    { status: 'IN_PROGRESS' },
  ],
  ['in a list', { code: 0, message: 'ok', data: [{ task_id: ID, status: 'pending' }] }, { status: 'SUBMITTED' }],
  [
    'that failed with an error of its own',
    { id: ID, status: 'failed', error: { code: 422, message: 'Banned prompt detected' } },
    { status: 'FAILURE', failReason: 'Banned prompt detected' },
  ],
  [
    'that failed with the error of a missing one',
    { code: 200, data: { id: ID, status: 'failed', error: { code: 404, message: 'No picture' } } },
    { status: 'FAILURE', failReason: 'No picture' },
  ],
  ['that failed with a code', { id: ID, status: 'FAILURE', code: 500, fail_reason: 'no' }, { status: 'FAILURE' }],
])('a task %s', (_, body, expected) => {
  expect(read(body)).toMatchObject(expected);
});

it('an error in a 200 is no failed task', () => {
  const denied = { status: 'failed', error: { code: 401, message: 'Invalid key' } };
  expect(() => read(denied)).toThrow(expect.objectContaining({ fault: 'unauthorized' }) as Error);
  expect(read({ status: 'error', error: { code: 404, message: 'no such task' } })).toBe('not_here');
});

it('another task is none', () => {
  const other = { id: 'task_01K8OTHER', status: 'SUCCESS', image_urls: ['https://cdn.test/a.png'] };
  expect(() => read(other)).toThrow(expect.objectContaining({ fault: 'unexpected' }) as Error);
});
