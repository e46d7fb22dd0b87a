import { readStat } from './process-cpu.js';

describe('a line of /proc/<pid>/stat', () => {
  it('is read past a name with brackets and spaces', () => {
    const line = '4711 (node (x) y) S 12 4711 4711 0 -1 4194304 1 2 3 4 250 50 0 0 20 0 11 0';
    expect(readStat(line)).toEqual({ pid: 4711, parent: 12, seconds: 3 });
  });

  it('of a process that has gone counts nothing', () => {
    expect(readStat('')).toMatchObject({ parent: 0, seconds: 0 });
  });
});
