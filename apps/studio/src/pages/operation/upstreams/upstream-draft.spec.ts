import { changesOf, createBodyOf, draftOf } from './upstream-draft.ts';

describe('the form of an upstream', () => {
  const began = draftOf();

  it('creates with what is needed, and leaves what is usual to the gateway', () => {
    const draft = { ...began, name: ' tokyo ', baseUrl: 'https://proxy.example ', weight: '3' };
    expect(createBodyOf(draft)).toEqual({
      name: 'tokyo',
      kind: 'midjourney-proxy',
      baseUrl: 'https://proxy.example',
      secret: null,
      weight: 3,
    });
  });

  it('changes only what was changed, and keeps a secret that was not typed anew', () => {
    expect(changesOf(began, began)).toEqual({});
    expect(changesOf({ ...began, pollMs: '5000', modes: ['FAST'] }, began)).toEqual({
      modes: ['FAST'],
      timeouts: { pollMs: 5000 },
    });
    expect(changesOf({ ...began, pollMs: '' }, { ...began, pollMs: '5000' })).toEqual({ timeouts: { pollMs: null } });
  });
});
