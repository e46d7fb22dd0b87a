import { parseCustomId } from '#libs/wire';
import type { SubmitCommand, SubmitContext } from '../../port/command.js';
import type { UpstreamTarget } from '../../port/upstream-adapter.js';

export interface SubmitRequest {
  path: string;
  body: Record<string, unknown>;
}

/** The request of a command in the API of midjourney-proxy: path below the base URL, and JSON body. */
export function toSubmitRequest(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): SubmitRequest {
  const { path, body } = workOf(command);
  const common = {
    state: context.state,
    mode: command.mode,
    ...(context.pushUrl !== null && up.acceptsNotifyHook ? { notifyHook: context.pushUrl } : {}),
    ...(command.accountFilter !== null && up.acceptsAccountFilter
      ? { accountFilter: { ...command.accountFilter, modes: [command.mode] } }
      : {}),
  };
  return { path, body: withoutNulls({ ...body, ...common }) };
}

function workOf(command: SubmitCommand): SubmitRequest {
  const { botType } = command;
  switch (command.kind) {
    case 'imagine': {
      const { images } = command;
      const pictures = images.length > 0 ? { base64Array: images } : {};
      return { path: '/mj/submit/imagine', body: { prompt: withSpeed(command.prompt, command), botType, ...pictures } };
    }
    case 'blend':
      return {
        path: '/mj/submit/blend',
        body: { base64Array: command.images, dimensions: command.dimensions, botType },
      };
    case 'describe':
      return {
        path: '/mj/submit/describe',
        body: { base64: command.image, link: command.link, language: command.language, botType },
      };
    case 'shorten':
      return { path: '/mj/submit/shorten', body: { prompt: command.prompt, botType } };
    case 'change':
      return {
        path: '/mj/submit/change',
        body: { taskId: command.upstreamTaskId, action: command.action, index: command.index },
      };
    case 'action':
      return {
        path: '/mj/submit/action',
        body: {
          taskId: command.upstreamTaskId,
          customId: command.customId,
          enableRemix: command.enableRemix || null,
          chooseSameChannel: command.chooseSameChannel || null,
          strong: strengthOf(command),
        },
      };
    case 'modal':
      return {
        path: '/mj/submit/modal',
        body: { taskId: command.upstreamTaskId, prompt: command.prompt, maskBase64: command.mask },
      };
    case 'edits':
    case 'retexture': {
      const [image, ...more] = command.images;
      return {
        path: `/mj/submit/${command.kind}`,
        body: {
          prompt: withSpeed(command.prompt, command),
          image,
          base64Array: more.length > 0 ? command.images : null,
        },
      };
    }
    case 'video':
      return { path: '/mj/submit/video', body: videoBody(command) };
    case 'upload':
      return { path: '/mj/submit/upload-discord-images', body: { base64Array: command.images } };
    case 'swap':
      return {
        path: '/mj/insight-face/swap',
        body: { sourceBase64: command.source, targetBase64: command.target },
      };
  }
}

/** How strongly a grid's picture is varied: servers differ in what they do where a submit does not say it. */
function strengthOf({ customId, strong }: Extract<SubmitCommand, { kind: 'action' }>): boolean | null {
  const button = parseCustomId(customId);
  return strong ?? (button.kind === 'button' && button.action === 'VARIATION' ? true : null);
}

function videoBody(command: Extract<SubmitCommand, { kind: 'video' }>): Record<string, unknown> {
  const { prompt, image, endImage, loop, motion, videoType, batchSize, extend } = command;
  return {
    prompt: prompt === '' ? null : withSpeed(prompt, command),
    image,
    endImage,
    loop: loop || null,
    motion,
    videoType,
    batchSize,
    ...(extend === null ? {} : { taskId: extend.upstreamTaskId, action: 'extend', index: extend.index }),
  };
}

/** Appends the billed mode as the flag that Midjourney reads; without one the account's default would decide. */
function withSpeed(prompt: string, { mode, modeIsChosen }: SubmitCommand): string {
  return modeIsChosen ? `${prompt} --${mode.toLowerCase()}` : prompt;
}

/** Removes null fields: upstreams differ in the meaning of an explicit null, and agree on absence. */
function withoutNulls(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));
}
