import { sourcesOf, suggest, type View } from './completion.ts';

const VIEWS: View[] = [
  {
    name: 'tasks',
    comment: 'One row a task.',
    columns: [{ name: 'status', type: 'text', comment: 'Where it stands.' }],
  },
  { name: 'hooks', comment: '', columns: [{ name: 'host', type: 'text', comment: '' }] },
  { name: 'task_window(from, to)', comment: '', columns: [{ name: 'mode', type: 'text', comment: '' }] },
];

function labels(sql: string, isAsked = false): string[] | null {
  const at = sql.indexOf('|');
  const whole = sql.replace('|', '');
  const found = suggest(whole.slice(0, at), whole, { views: VIEWS, parameters: ['from', 'to'], isAsked });
  return found?.options.map(({ label }) => label) ?? null;
}

describe('suggest', () => {
  it('gives columns behind a view or its alias, also when the view comes later', () => {
    expect(labels('select t.| from report.tasks t')).toEqual(['status']);
    expect(labels('select hooks.h| from tasks as t, hooks')).toEqual(['host']);
    expect(labels('select x.| from tasks t')).toBeNull();
  });

  it('gives views behind the schema, and parameters behind a colon, but not behind a cast', () => {
    expect(labels('select * from report.|')).toEqual(['tasks', 'hooks', 'task_window']);
    expect(labels('where a > :|')).toEqual(['from', 'to']);
    expect(labels('select a::t|')).not.toEqual(['from', 'to']);
  });

  it('gives the columns of the views that are read, views and functions elsewhere', () => {
    const found = labels('select s| from tasks');
    expect(found?.slice(0, 4)).toEqual(['status', 'tasks', 'hooks', 'task_window']);
    expect(found).toContain('sum');
    expect(found).toContain('group');
    expect(found).not.toContain('host');
  });

  it('does not come up at an empty place unless it was asked for', () => {
    expect(labels('select | from tasks')).toBeNull();
    expect(labels('select | from tasks', true)).toContain('status');
  });
});

describe('sourcesOf', () => {
  it('takes no keyword for an alias', () => {
    expect([...sourcesOf('from tasks where x', VIEWS).keys()]).toEqual(['tasks']);
    expect([...sourcesOf('from report.task_window(:from, :to) w join hooks on true', VIEWS).keys()]).toEqual([
      'task_window',
      'w',
      'hooks',
    ]);
  });
});
