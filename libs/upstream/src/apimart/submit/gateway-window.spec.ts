import { actionWork, command, type ActionWork } from '../../../test/commands.js';
import type { SubmitCommand } from '../../port/command.js';
import { gatewayWindow } from './gateway-window.js';

const TERMS = { defaultVersion: '8.2', modelVersions: null };

function pressed(verb: string, prompt: string, more: Partial<ActionWork> = {}): SubmitCommand {
  const customId = `MJ::JOB::${verb}::3d2a9a4e`;
  const parent = { prompt, seed: null };
  return command(actionWork({ upstreamTaskId: 'task_1', customId, enableRemix: true, parent, ...more }));
}

describe('a window that exists in the gateway only', () => {
  it.each([
    ['reroll::0', 'a fox --v 7'],
    ['animate_low::1', 'a fox --v 7'],
    ['remix_strong::2', 'a fox --v 8.1'],
    ['variation::2', 'a fox'],
    ['low_variation::1', 'a fox --v 8.2'],
  ])('is opened by %s of "%s"', (verb, prompt) => {
    const opened = { kind: 'window', upstreamTaskId: null, finalPrompt: prompt };
    expect(gatewayWindow(TERMS, pressed(verb, prompt))).toEqual(opened);
    expect(gatewayWindow(TERMS, pressed(verb, prompt, { confirmedPrompt: '' }))).toBeNull();
  });

  it.each([
    ['variation::2', 'a fox --v 7', {}],
    ['variation::2', 'a fox --niji 7', {}],
    ['pan_left::1', 'a fox --v 8.2', {}],
    ['Inpaint::1', 'a fox --v 7', {}],
    ['CustomZoom::1', 'a fox --v 7', {}],
    ['upsample::1', 'a fox', {}],
    ['reroll::0', 'a fox', { enableRemix: false }],
  ])('is not opened by %s of "%s" %j', (verb, prompt, more) => {
    expect(gatewayWindow(TERMS, pressed(verb, prompt, more))).toBeNull();
  });

  it('is opened without being asked for where a text is needed', () => {
    const quiet = { enableRemix: false };
    expect(gatewayWindow(TERMS, pressed('remix_subtle::1', 'a fox', quiet))).toMatchObject({ kind: 'window' });
    const described = { ...quiet, customId: 'MJ::Job::PicReader::2' };
    expect(gatewayWindow(TERMS, pressed('', 'a fox', described))).toMatchObject({ finalPrompt: 'a fox' });
  });
});
