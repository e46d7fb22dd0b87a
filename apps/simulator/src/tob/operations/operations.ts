import { type Operations } from '../tob-draft.js';
import { ROOT_OPERATIONS } from './root-operations.js';

/** All that the family can be asked for; a profile takes its part. */
export const OPERATIONS: Operations = { ...ROOT_OPERATIONS };
