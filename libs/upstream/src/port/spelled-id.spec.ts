import fc from 'fast-check';
import { clipId, pictureId, readSpelledId } from './spelled-id.js';

const STATE = 'jm:6240000000000001';

describe('an id that spells more than a job', () => {
  it.each([
    [
      pictureId('66f0', 2, STATE),
      '66f0~2~6240000000000001',
      { jobId: '66f0', picture: 2, clip: null, task: '6240000000000001' },
    ],
    [
      clipId('66f0', 1, STATE),
      '66f0~v1~6240000000000001',
      { jobId: '66f0', picture: null, clip: 1, task: '6240000000000001' },
    ],
  ])('%s', (id, text, spelled) => {
    expect(id).toBe(text);
    expect(readSpelledId(id)).toEqual(spelled);
  });

  it('is another one for each of our tasks', () => {
    expect(pictureId('66f0', 2, 'jm:6240000000000002')).not.toBe(pictureId('66f0', 2, STATE));
  });

  it.each(['66f0', '66f0~2', '66f0~0~17', '66f0~x~17', '', '~1~17'])('%j is that of a job', (id) => {
    expect(readSpelledId(id)).toEqual({ jobId: id, picture: null, clip: null, task: '' });
  });

  it('is safe in a path and no longer than the column, whatever the job and the state are', () => {
    const job = fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/);
    fc.assert(
      fc.property(job, fc.integer({ min: 1, max: 99 }), fc.string(), (jobId, number, state) => {
        const id = pictureId(jobId, number, state);
        expect(id).toMatch(/^[A-Za-z0-9~_-]{1,128}$/);
        expect(readSpelledId(id)).toMatchObject({ jobId, picture: number, clip: null });
      }),
    );
  });
});
