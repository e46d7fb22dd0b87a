import type { FormShape } from '../../http/forms/form-shape.js';

/** A face swap as a form. Each picture may come under several names, as in JSON; the first that is given counts. */
export const SWAP_FORM: FormShape = {
  pictures: {
    sourceBase64: 'sourceBase64',
    source: 'source',
    sourceUrl: 'sourceUrl',
    targetBase64: 'targetBase64',
    target: 'target',
    targetUrl: 'targetUrl',
  },
  texts: ['state', 'notifyHook', 'notifyEvents', 'mode', 'botType', 'retries'],
  json: ['accountFilter'],
};
