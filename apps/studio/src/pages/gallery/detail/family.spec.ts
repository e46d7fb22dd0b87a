import type { Task } from '../../../api/client.ts';
import { familyTree } from './family.ts';

const task = (id: string, parentId: string, submitTime: number): Task => ({ id, parentId, submitTime }) as Task;

describe('familyTree', () => {
  it('puts what was made of a task below it, oldest first', () => {
    const tasks = [task('4', '2', 4), task('3', '1', 3), task('2', '1', 2), task('1', '0', 1)];
    expect(familyTree(tasks)).toEqual([
      { id: '1', depth: 0 },
      { id: '2', depth: 1 },
      { id: '4', depth: 2 },
      { id: '3', depth: 1 },
    ]);
  });

  it('ends where two tasks name each other', () => {
    expect(familyTree([task('1', '2', 1), task('2', '1', 2)])).toEqual([]);
  });
});
