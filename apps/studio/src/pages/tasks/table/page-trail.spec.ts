import { extendTrail, readTrail, trailTo, writeTrail } from './page-trail.ts';

describe('the trail of pages', () => {
  it('leads back to the newest page, one by one', () => {
    const second = extendTrail('status=FAILURE', [], '', 'b');
    const third = extendTrail('status=FAILURE', trailTo('b', 'status=FAILURE', second) ?? [], 'b', 'c');
    expect(trailTo('c', 'status=FAILURE', third)).toEqual(['', 'b']);
    expect(trailTo('b', 'status=FAILURE', third)).toEqual(['']);
    expect(trailTo('', 'status=FAILURE', third)).toEqual([]);
  });

  it('is not known behind a shared link, or of other filters', () => {
    const trail = extendTrail('status=FAILURE', [], '', 'b');
    expect(trailTo('x', 'status=FAILURE', trail)).toBeNull();
    expect(trailTo('b', '', trail)).toBeNull();
    expect(trailTo('b', '', null)).toBeNull();
  });

  it('does without a browser that keeps it', () => {
    writeTrail({ of: '', cursors: [''] });
    expect(readTrail()).toBeNull();
  });
});
