/** @jest-environment jsdom */
import type { Task } from '../../../api/client.ts';
import { itemsOf } from './viewer-items.ts';
import { itemName, relatedItems, stripGroups } from './viewer-names.ts';

const task = (fields: Partial<Task>): Task =>
  ({
    id: '62',
    action: 'IMAGINE',
    customId: '',
    imageUrl: '',
    imageUrls: null,
    videoUrl: '',
    videoUrls: null,
    ...fields,
  }) as Task;
const grid = task({
  id: '61',
  imageUrl: 'http://g/mj/image/61',
  imageUrls: ['1', '2', '3', '4'].map((end) => ({ url: `http://g/mj/image/61/${end}` })),
});
const upscale = task({ customId: 'MJ::JOB::upsample::2::x', action: 'UPSCALE', imageUrl: 'http://g/mj/image/62' });

describe('relatedItems', () => {
  it('begin with the picture of the parent that a task was made of', () => {
    const items = relatedItems(upscale, { parent: grid, children: [] });
    expect(items.map(({ number }) => number)).toEqual([2, 0, 1, 3, 4]);
  });

  it('are what children have made where there is no parent', () => {
    expect(relatedItems(grid, { parent: null, children: [upscale] }).map(({ taskId }) => taskId)).toEqual(['62']);
  });
});

describe('stripGroups', () => {
  it('names the pictures of a task, and those of relatives by what these did', () => {
    const groups = stripGroups(grid, { parent: null, children: [upscale] });
    expect(groups.map(({ items }) => items.map(({ name }) => name))).toEqual([
      ['All four', 'Picture 1', 'Picture 2', 'Picture 3', 'Picture 4'],
      ['Upscale 2'],
    ]);
    expect(itemsOf(upscale).map(itemName)).toEqual(['Picture']);
  });
});
