import { asksForVideo } from '#libs/wire';
import type { SubmitCommand } from '../../port/command.js';
import type { KindTerms } from '../../port/upstream-kind.js';
import { readSpelledId } from '../../port/spelled-id.js';
import { versionOf, type TobProfile } from '../profile.js';
import { jobText, leadingLinks, type TextTerms } from '../prompt/job-text.js';
import { actionPlan } from './action-plan.js';
import { extendPlan, videoPlan } from './video-plan.js';
import { call, refuse, type SubmitPlan } from './submit-plan.js';

const RATIOS = { PORTRAIT: '2:3', SQUARE: '1:1', LANDSCAPE: '3:2' } as const;
/** The canvas of a picture whose size is not known, px. */
const USUAL_SIZE = { width: 1024, height: 1024 };

/** How a vendor does a command. Pure. */
export function planOf(profile: TobProfile, up: KindTerms, command: SubmitCommand): SubmitPlan {
  const terms = termsOf(profile, up, command);
  switch (command.kind) {
    case 'imagine': {
      const { prompt, images } = command;
      if (asksForVideo(prompt)) return videoPlan({ prompt, images }, terms);
      return call('/diffusion', { text: jobText(prompt, images, terms) });
    }
    case 'blend': {
      const ratio = RATIOS[command.dimensions];
      if (profile.hasTextWork) return call('/blend', { imgUrls: command.images, aspect_ratio: ratio });
      // A square is what the vendor makes by itself.
      const prompt = command.dimensions === 'SQUARE' ? '' : `--ar ${ratio}`;
      return call('/diffusion', { text: jobText(prompt, command.images, terms) });
    }
    case 'describe':
      if (!profile.hasTextWork) return refuse('describe is not supported');
      return call('/describe', { imgUrl: command.image ?? command.link });
    case 'shorten':
      if (!profile.hasTextWork) return refuse('shorten is not supported');
      return call('/shorten', { prompt: command.prompt });
    case 'change':
      return changePlan(command);
    case 'action':
      return actionPlan(command, terms);
    case 'edits':
      return editPlan(command, terms);
    case 'retexture':
      return call('/retexture', { imgUrl: command.images[0], remixPrompt: jobText(command.prompt, [], terms) });
    case 'video': {
      if (command.extend !== null) return extendPlan(command, command.extend, terms);
      const { prompt, image, ...rest } = command;
      const images = image === null || leadingLinks(prompt).includes(String(image)) ? [] : [image];
      return videoPlan({ ...rest, prompt, images }, terms);
    }
    case 'modal':
    case 'upload':
    case 'swap':
      return refuse(`${command.kind} is not supported`);
  }
}

/** On what the texts of a command depend besides its prompt. */
export function termsOf(profile: TobProfile, up: KindTerms, { mode, botType }: SubmitCommand): TextTerms {
  const { vendor } = profile;
  return {
    profile,
    vendor,
    defaultVersion: versionOf(profile, up, botType),
    versions: up.modelVersions,
    mode,
    botType,
  };
}

function changePlan({ upstreamTaskId, action, index }: Extract<SubmitCommand, { kind: 'change' }>): SubmitPlan {
  const { jobId, picture } = readSpelledId(upstreamTaskId);
  if (action === 'REROLL') return call('/reroll', { jobId });
  if (action === 'VARIATION') return call('/variation', { jobId, imageNo: (picture ?? index ?? 1) - 1, type: 1 });
  return refuse('the picture has to be picked');
}

/** The whole picture on a canvas of its own size. */
function editPlan(command: Extract<SubmitCommand, { kind: 'edits' | 'retexture' }>, terms: TextTerms): SubmitPlan {
  const { width, height } = command.sizes?.[0] ?? USUAL_SIZE;
  return call('/upload-paint', {
    imgUrl: command.images[0],
    canvas: { width, height },
    imgPos: { width, height, x: 0, y: 0 },
    remixPrompt: jobText(command.prompt, [], terms),
  });
}
