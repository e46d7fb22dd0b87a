import type { FormShape } from '../http/forms/form-shape.js';

/** A face swap as a form. */
export const SWAP_FORM: FormShape = {
  pictures: {
    sourceBase64: 'sourceBase64',
    targetBase64: 'targetBase64',
    source: 'sourceBase64',
    target: 'targetBase64',
  },
  texts: ['state', 'notifyHook', 'notifyEvents', 'mode', 'botType'],
  json: ['accountFilter'],
};
