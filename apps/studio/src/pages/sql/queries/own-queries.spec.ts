/** @jest-environment jsdom */
import { deleteQuery, exportQueries, importQueries, ownQueries, renameQuery, saveQuery } from './own-queries.ts';

describe('own queries', () => {
  beforeEach(() => {
    for (const { id } of ownQueries.value) deleteQuery(id);
  });

  it('are saved by name, over the same one or as another, and kept by the browser', () => {
    const { id } = saveQuery({ name: ' b ', sql: 'select 1', parameters: {} }, null);
    saveQuery({ name: 'a', sql: 'select 2', parameters: {} }, null);
    saveQuery({ name: 'b', sql: 'select 3', parameters: { key: 'x' } }, id);
    expect(ownQueries.value.map(({ name, sql }) => `${name} ${sql}`)).toEqual(['a select 2', 'b select 3']);
    expect(localStorage.getItem('journeyman.sql.own')).toContain('select 3');
  });

  it('are renamed and deleted, and a deleted one comes back', () => {
    const { id } = saveQuery({ name: 'a', sql: 'select 1', parameters: {} }, null);
    renameQuery(id, 'z');
    const undo = deleteQuery(id);
    expect(ownQueries.value).toEqual([]);
    undo();
    expect(ownQueries.value).toMatchObject([{ id, name: 'z' }]);
  });

  it('go to another browser as a file, and are not doubled', () => {
    saveQuery({ name: 'a', sql: 'select 1', parameters: { from: '-1h' } }, null);
    const file = exportQueries();
    expect(importQueries(file)).toBe(0);
    for (const { id } of ownQueries.value) deleteQuery(id);
    expect(importQueries(file)).toBe(1);
    expect(ownQueries.value).toMatchObject([{ name: 'a', parameters: { from: '-1h' } }]);
  });

  it('are not taken from anything else', () => {
    for (const text of ['', '{}', '[]', '{"format":"journeyman-queries"}']) expect(importQueries(text)).toBeNull();
    const odd = { format: 'journeyman-queries', queries: [null, 3, { name: '', sql: 'x' }, { name: 'x' }] };
    expect(importQueries(JSON.stringify(odd))).toBe(0);
  });
});
