import { type Operations } from '../tob-draft.js';
import { EDIT_OPERATIONS } from './edit-operations.js';
import { FOLLOW_UP_OPERATIONS } from './follow-up-operations.js';
import { ROOT_OPERATIONS } from './root-operations.js';
import { TEXT_OPERATIONS } from './text-operations.js';
import { VIDEO_OPERATIONS } from './video-operations.js';

/** All that the family can be asked for; a profile takes its part. */
export const OPERATIONS: Operations = {
  ...ROOT_OPERATIONS,
  ...FOLLOW_UP_OPERATIONS,
  ...EDIT_OPERATIONS,
  ...VIDEO_OPERATIONS,
  ...TEXT_OPERATIONS,
};
