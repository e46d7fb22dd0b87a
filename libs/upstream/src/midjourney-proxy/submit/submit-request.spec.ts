import type { SubmitCommand, SubmitContext } from '../../port/command.js';
import { actionWork, command, imagine, imagineWork, type ActionWork } from '../../../test/commands.js';
import { target } from '../../../test/target.js';
import { toSubmitRequest } from './submit-request.js';

const CONTEXT: SubmitContext = { state: 'jm:6240000000000001', pushUrl: 'https://gw.example/mj/notify/6240-abc' };
const PROMPT = 'a red fox --ar 3:2';
const pressed = (more: Partial<ActionWork> = {}): SubmitCommand =>
  command(
    actionWork({
      upstreamTaskId: '1751363012345678',
      customId: 'MJ::JOB::upsample::1::9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11',
      ...more,
    }),
  );
const IMAGINE = imagine(PROMPT);
const ACTION = pressed();

describe('toSubmitRequest', () => {
  it('writes an imagine with nothing that was not asked for', () => {
    expect(toSubmitRequest(target(), IMAGINE, CONTEXT)).toEqual({
      path: '/mj/submit/imagine',
      body: { prompt: 'a red fox --ar 3:2', botType: 'MID_JOURNEY', state: CONTEXT.state, mode: 'FAST' },
    });
  });

  it('gives pictures and the bot along', () => {
    const images = ['data:image/png;base64,AAAA', 'data:image/jpeg;base64,BBBB'];
    const { body } = toSubmitRequest(
      target(),
      command(imagineWork(PROMPT, images), { botType: 'NIJI_JOURNEY' }),
      CONTEXT,
    );
    expect(body).toMatchObject({ base64Array: images, botType: 'NIJI_JOURNEY' });
  });

  it.each(['RELAX', 'FAST', 'TURBO'] as const)(
    'writes a chosen %s into the prompt, where Midjourney reads it',
    (mode) => {
      const chosen = toSubmitRequest(target(), { ...IMAGINE, mode, modeIsChosen: true }, CONTEXT);
      expect(chosen.body).toMatchObject({ prompt: `a red fox --ar 3:2 --${mode.toLowerCase()}`, mode });
      const left = toSubmitRequest(target(), { ...IMAGINE, mode }, CONTEXT);
      expect(left.body).toMatchObject({ prompt: 'a red fox --ar 3:2', mode });
    },
  );

  it('writes an action by the id that the upstream knows', () => {
    expect(toSubmitRequest(target(), ACTION, CONTEXT)).toEqual({
      path: '/mj/submit/action',
      body: {
        taskId: '1751363012345678',
        customId: 'MJ::JOB::upsample::1::9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11',
        state: CONTEXT.state,
        mode: 'FAST',
      },
    });
  });

  it('asks for the modal and for the parent’s channel only when told to', () => {
    const { body } = toSubmitRequest(target(), pressed({ enableRemix: true, chooseSameChannel: true }), CONTEXT);
    expect(body).toMatchObject({ enableRemix: true, chooseSameChannel: true });
  });

  it.each([true, false])('passes the strength of a variation where it was given: %s', (strong) => {
    expect(toSubmitRequest(target(), pressed({ strong }), CONTEXT).body).toHaveProperty('strong', strong);
    expect(toSubmitRequest(target(), ACTION, CONTEXT).body).not.toHaveProperty('strong');
  });

  it('varies strongly unless told otherwise, for servers of which some vary subtly by default', () => {
    const vary = { customId: 'MJ::JOB::variation::2::9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11' };
    expect(toSubmitRequest(target(), pressed(vary), CONTEXT).body).toHaveProperty('strong', true);
    expect(toSubmitRequest(target(), pressed({ ...vary, strong: false }), CONTEXT).body).toHaveProperty(
      'strong',
      false,
    );
  });

  it.each([IMAGINE, ACTION])('gives our push address only to an upstream that takes one ($kind)', (command) => {
    expect(toSubmitRequest(target(), command, CONTEXT).body).not.toHaveProperty('notifyHook');
    const taking = target({ acceptsNotifyHook: true });
    expect(toSubmitRequest(taking, command, CONTEXT).body).toHaveProperty('notifyHook', CONTEXT.pushUrl);
    expect(toSubmitRequest(taking, command, { ...CONTEXT, pushUrl: null }).body).not.toHaveProperty('notifyHook');
  });

  it.each([IMAGINE, ACTION])('gives an account filter only to an upstream that takes one ($kind)', (command) => {
    const filtered = { ...command, accountFilter: { modes: ['TURBO' as const, 'FAST' as const], remark: 'vip' } };
    expect(toSubmitRequest(target(), filtered, CONTEXT).body).not.toHaveProperty('accountFilter');
    const taking = target({ acceptsAccountFilter: true });
    expect(toSubmitRequest(taking, command, CONTEXT).body).not.toHaveProperty('accountFilter');
    // The mode that is billed is the mode that is sent.
    expect(toSubmitRequest(taking, filtered, CONTEXT).body).toHaveProperty('accountFilter', {
      modes: ['FAST'],
      remark: 'vip',
    });
  });
});
