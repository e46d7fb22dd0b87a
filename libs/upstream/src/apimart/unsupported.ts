import { parseCustomId } from '#libs/wire';
import type { Unsupported } from '../port/capabilities.js';
import { picturesOf, type SubmitCommand } from '../port/command.js';
import { promptLack } from '../port/prompt-lack.js';
import type { KindTerms } from '../port/upstream-kind.js';
import { filmOfPrompt, isFilm, withFieldsOfPrompt } from './submit/film-prompt.js';
import { VIDEO_TYPES } from './submit/picture-work.js';
import { workOf } from './submit/submit-request.js';

/** Longest picture that the vendor takes inline, characters of base64. */
const MOST_INLINE = 12 * 1024 * 1024;
const MOST_EDITED = 6;
const KNOWN_TYPES: ReadonlySet<string> = new Set(Object.entries(VIDEO_TYPES).flat());

/** Why the vendor cannot do a command; null: it can. Uploads are hosted by the gateway and never get here. */
export function unsupported(terms: KindTerms, command: SubmitCommand): Unsupported | null {
  if (command.kind === 'upload') return null;
  return (
    unsupportedPictures(command) ??
    unsupportedVideo(command) ??
    unsupportedRoute(terms, command) ??
    promptLack('apimart', terms, command)
  );
}

function unsupportedPictures(command: SubmitCommand): Unsupported | null {
  if (command.kind === 'edits' && command.images.length > MOST_EDITED) {
    return { what: 'pictures', name: String(command.images.length) };
  }
  const isTooLong = picturesOf(command).some((picture) => picture.length > MOST_INLINE);
  return isTooLong ? { what: 'inputs', name: 'longer than 12 MiB' } : null;
}

function unsupportedVideo(command: SubmitCommand): Unsupported | null {
  const film = filmOf(command);
  if (film === null) return null;
  if (film.extend !== null) return { what: 'action', name: 'extend' };
  if (film.image === null) return { what: 'pictures', name: '0' };
  const { videoType } = film;
  return videoType === null || KNOWN_TYPES.has(videoType) ? null : { what: 'parameter', name: 'videoType' };
}

function filmOf(command: SubmitCommand): Extract<SubmitCommand, { kind: 'video' }> | null {
  if (command.kind === 'video') return withFieldsOfPrompt(command);
  return command.kind === 'imagine' && isFilm(command) ? filmOfPrompt(command) : null;
}

function unsupportedRoute(terms: KindTerms, command: SubmitCommand): Unsupported | null {
  if (workOf(terms, command) !== null) return null;
  if (command.kind !== 'action') return { what: 'action', name: command.kind.toUpperCase() };
  const button = parseCustomId(command.customId);
  if (button.kind !== 'button') return { what: 'action', name: 'ACTION' };
  return button.all ? { what: 'jobs', name: button.key } : { what: 'action', name: button.action };
}
