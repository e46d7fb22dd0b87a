import { etagOf } from './task-etag.js';

const task = { id: '6240000000000001', version: 3, queuePosition: null };

describe('the ETag of a task', () => {
  it('is strong, and the same for the same bytes', () => {
    expect(etagOf(task, 'https://a.test')).toMatch(/^"[\w-]{18,64}"$/);
    expect(etagOf(task, 'https://a.test')).toBe(etagOf({ ...task }, 'https://a.test'));
  });

  it('differs by task, version, place in the queue, and address', () => {
    const all = [
      etagOf(task, 'https://a.test'),
      etagOf({ ...task, id: '6240000000000002' }, 'https://a.test'),
      etagOf({ ...task, version: 4 }, 'https://a.test'),
      etagOf({ ...task, queuePosition: 0 }, 'https://a.test'),
      etagOf(task, 'https://b.test'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
