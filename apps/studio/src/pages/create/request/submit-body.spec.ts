import { FIRST_SETTINGS } from '../draft/draft.ts';
import type { Picture } from '../pictures/picture.ts';
import { missingIn, submitBody, withPictures, type DraftParts } from './submit-body.ts';

const picture = (data: string): Picture => ({
  id: data,
  kind: data.startsWith('data:') ? 'file' : 'link',
  name: 'fox',
  data,
});

const draft = (changes: Partial<DraftParts>): DraftParts => ({
  kind: 'imagine',
  text: '',
  pictures: {},
  settings: FIRST_SETTINGS,
  ...changes,
});

describe('the body of a submit', () => {
  it('has what is set and nothing else', () => {
    expect(submitBody(draft({ text: 'a fox' }))).toEqual({ prompt: 'a fox' });
    const settings = { ...FIRST_SETTINGS, speed: 'TURBO', bot: 'NIJI_JOURNEY', state: 'order 7' } as const;
    expect(submitBody(draft({ text: 'a fox', settings }))).toEqual({
      prompt: 'a fox',
      mode: 'TURBO',
      botType: 'NIJI_JOURNEY',
      state: 'order 7',
    });
  });

  it('puts pictures into the field of their slot, and links into theirs', () => {
    const pictures = {
      'blend/pictures': [picture('data:a'), picture('https://images.example/b.png')],
      'swap/source': [picture('https://images.example/face.png')],
      'swap/target': [picture('data:b')],
    } as const;
    expect(submitBody(draft({ kind: 'blend', pictures }))).toEqual({
      base64Array: ['data:a', 'https://images.example/b.png'],
      dimensions: 'SQUARE',
    });
    expect(submitBody(draft({ kind: 'swap', pictures }))).toEqual({
      sourceUrl: 'https://images.example/face.png',
      targetBase64: 'data:b',
    });
  });

  it('has the settings of films for films only', () => {
    const settings = { ...FIRST_SETTINGS, motion: 'high', batchSize: '2', isLoop: true } as const;
    expect(submitBody(draft({ text: 'x', settings }))).toEqual({ prompt: 'x' });
    expect(submitBody(draft({ kind: 'video', text: 'x', settings }))).toEqual({
      prompt: 'x',
      motion: 'high',
      batchSize: 2,
      loop: true,
    });
  });

  it('replaces pictures and leaves links', () => {
    expect(withPictures({ base64Array: ['data:long', 'https://a.example'], prompt: 'x' }, () => 'picture')).toEqual({
      base64Array: ['picture', 'https://a.example'],
      prompt: 'x',
    });
  });
});

describe('what is missing', () => {
  it.each([
    ['imagine', '  ', [{ at: 'prompt', what: 'prompt' }]],
    ['imagine', 'a fox', []],
    ['blend', '', [{ at: 'blend/pictures', what: 'more-pictures' }]],
    ['describe', '', [{ at: 'describe/picture', what: 'picture' }]],
    ['video', '', [{ at: 'prompt', what: 'prompt-or-picture' }]],
    [
      'swap',
      '',
      [
        { at: 'swap/source', what: 'picture' },
        { at: 'swap/target', what: 'picture' },
      ],
    ],
  ] as const)('is told for %s with the text %j', (kind, text, missing) => {
    expect(missingIn(draft({ kind, text }))).toEqual(missing);
  });

  it('is nothing where a picture stands in for the words of a film', () => {
    expect(missingIn(draft({ kind: 'video', pictures: { 'video/start': [picture('data:a')] } }))).toEqual([]);
  });
});
