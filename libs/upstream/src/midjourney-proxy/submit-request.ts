import type { SubmitCommand, SubmitContext } from '../command.js';
import type { UpstreamTarget } from '../upstream-adapter.js';

export interface SubmitRequest {
  path: string;
  body: Record<string, unknown>;
}

/** A command in the words of midjourney-proxy: path below the base URL, and JSON body. */
export function toSubmitRequest(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): SubmitRequest {
  const common = {
    state: context.state,
    mode: command.mode,
    ...(context.pushUrl !== null && up.acceptsNotifyHook ? { notifyHook: context.pushUrl } : {}),
    ...(command.accountFilter !== null && up.acceptsAccountFilter
      ? { accountFilter: { ...command.accountFilter, modes: [command.mode] } }
      : {}),
  };
  switch (command.kind) {
    case 'imagine':
      return {
        path: '/mj/submit/imagine',
        body: {
          prompt: withSpeed(command.prompt, command),
          botType: command.botType,
          ...(command.images.length > 0 ? { base64Array: command.images } : {}),
          ...common,
        },
      };
    case 'action':
      return {
        path: '/mj/submit/action',
        body: {
          taskId: command.upstreamTaskId,
          customId: command.customId,
          ...(command.enableRemix ? { enableRemix: true } : {}),
          ...(command.chooseSameChannel ? { chooseSameChannel: true } : {}),
          ...common,
        },
      };
  }
}

/** The billed mode as the flag that Midjourney reads; without one an account's own default would decide. */
function withSpeed(prompt: string, { mode, modeIsChosen }: SubmitCommand): string {
  return modeIsChosen ? `${prompt} --${mode.toLowerCase()}` : prompt;
}
