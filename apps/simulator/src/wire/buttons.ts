import { type Button } from './vocabulary.js';

/** What a finished task shows, which decides its buttons. */
export type Shows = 'grid' | 'single' | 'enlarged' | 'film' | 'clip' | 'described' | 'shortened' | 'plain';

const KEYCAPS = ['1️⃣', '2️⃣', '3️⃣', '4️⃣', '5️⃣'];
const button = (customId: string, label: string, emoji = ''): Button => ({ customId, emoji, label, style: 2, type: 2 });

/** The buttons under a finished task, in Discord's order. `clips` counts a film's takes, `version` is the model's major. */
export function buttonsFor(shows: Shows, jobId: string, version: number, clips: number): Button[] {
  const four = [1, 2, 3, 4];
  const reroll = button(`MJ::JOB::reroll::0::${jobId}::SOLO`, '', '🔄');
  switch (shows) {
    case 'grid':
      return [
        ...four.map((n) => button(`MJ::JOB::upsample::${n}::${jobId}`, `U${n}`)),
        reroll,
        ...four.map((n) => button(`MJ::JOB::variation::${n}::${jobId}`, `V${n}`)),
      ];
    case 'single':
      return [...enlargers(jobId, version), ...derivations(jobId, version)];
    case 'enlarged':
      return [reroll, ...derivations(jobId, version)];
    case 'film':
      return [
        ...four.slice(0, clips).map((n) => button(`MJ::JOB::video_virtual_upscale::${n}::${jobId}`, `U${n}`)),
        reroll,
      ];
    case 'clip':
      return [
        button(`MJ::JOB::animate_high_extend::1::${jobId}`, 'Extend (High motion)', '🎞️'),
        button(`MJ::JOB::animate_low_extend::1::${jobId}`, 'Extend (Low motion)', '🎞️'),
      ];
    case 'described':
      return [
        ...four.map((n) => button(`MJ::Job::PicReader::${n}`, '', KEYCAPS[n - 1])),
        button('MJ::Picread::Retry', '', '🔄'),
        button('MJ::Job::PicReader::all', 'Imagine all', '🎉'),
      ];
    case 'shortened':
      return [1, 2, 3, 4, 5].map((n) => button(`MJ::Job::PromptAnalyzer::${n}`, '', KEYCAPS[n - 1]));
    case 'plain':
      return [];
  }
}

function enlargers(jobId: string, version: number): Button[] {
  if (version >= 8) return [];
  const words =
    version === 5
      ? ['v5_2x', 'v5_4x']
      : version === 6
        ? ['v6_2x_subtle', 'v6_2x_creative']
        : ['v7_2x_subtle', 'v7_2x_creative'];
  const labels = version === 5 ? ['Upscale (2x)', 'Upscale (4x)'] : ['Upscale (Subtle)', 'Upscale (Creative)'];
  return words.map((word, at) => button(`MJ::JOB::upsample_${word}::1::${jobId}::SOLO`, labels[at] ?? '', 'upscale_1'));
}

function derivations(jobId: string, version: number): Button[] {
  const outward = [
    button(`MJ::Outpaint::50::1::${jobId}::SOLO`, 'Zoom Out 2x', '🔍'),
    button(`MJ::Outpaint::75::1::${jobId}::SOLO`, 'Zoom Out 1.5x', '🔍'),
    button(`MJ::CustomZoom::1::${jobId}`, 'Custom Zoom', '🔍'),
    button(`MJ::JOB::pan_left::1::${jobId}::SOLO`, '', '⬅️'),
    button(`MJ::JOB::pan_right::1::${jobId}::SOLO`, '', '➡️'),
    button(`MJ::JOB::pan_up::1::${jobId}::SOLO`, '', '⬆️'),
    button(`MJ::JOB::pan_down::1::${jobId}::SOLO`, '', '⬇️'),
  ];
  return [
    button(`MJ::JOB::low_variation::1::${jobId}::SOLO`, 'Vary (Subtle)', '🪄'),
    button(`MJ::JOB::high_variation::1::${jobId}::SOLO`, 'Vary (Strong)', '🪄'),
    button(`MJ::Inpaint::1::${jobId}::SOLO`, 'Vary (Region)', '🖌️'),
    ...(version >= 5 && version < 8 ? outward : []),
    button(`MJ::JOB::animate_high::1::${jobId}::SOLO`, 'Animate (High motion)', '🎞️'),
    button(`MJ::JOB::animate_low::1::${jobId}::SOLO`, 'Animate (Low motion)', '🎞️'),
  ];
}

/** Numbered prompts with keycaps before them, a blank line between. */
export const numbered = (prompts: readonly string[]): string =>
  prompts.map((prompt, at) => `${KEYCAPS[at] ?? ''} ${prompt}`).join('\n\n');
