import { imagine } from '../../test/commands.js';
import { target } from '../../test/target.js';
import { definitionOf } from '../kinds.js';
import { WorkJudge } from './work-judge.js';

const RELAXED = { mode: 'RELAX', action: 'IMAGINE' } as const;
const FAST = { mode: 'FAST', action: 'IMAGINE' } as const;

describe('WorkJudge', () => {
  it('judges a command once for an upstream, and again after a change of its settings', () => {
    const unsupported = jest.spyOn(definitionOf('youchuan'), 'unsupported');
    const judge = new WorkJudge(null);
    const work = { ...FAST, command: imagine('a fox --v 6.1') };
    const up = target({ kind: 'youchuan' });
    expect([judge.lackOf(up, work), judge.lackOf(up, work)]).toEqual([null, null]);
    expect(unsupported).toHaveBeenCalledTimes(1);
    const changed = target({ kind: 'youchuan', modelVersions: ['7'] });
    expect(judge.lackOf(changed, work)).toEqual({ what: 'version', name: '6.1' });
    expect(unsupported).toHaveBeenCalledTimes(2);
    unsupported.mockRestore();
  });

  it.each([
    ['a mode that the kind lacks', RELAXED, 'a fox', [], { what: 'mode', name: 'RELAX' }],
    ['a picture without links to it', FAST, 'a fox', ['aGk='], { what: 'inputs', name: 'no_public_url' }],
    ['a picture by its link', FAST, 'a fox', ['https://page.example/a.png'], null],
  ])('knows %s', (_, terms, prompt, images, lack) => {
    const work = { ...terms, command: imagine(prompt, images) };
    expect(new WorkJudge(null).lackOf(target({ kind: 'youchuan' }), work)).toEqual(lack);
  });
});
