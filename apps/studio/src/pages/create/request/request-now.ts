import { computed } from '@preact/signals';
import { account } from '../../../app/account.ts';
import { draft, kindNow, textNow } from '../draft/draft.ts';
import { missingIn, submitBody, type DraftParts, type SubmitBody } from './submit-body.ts';

const partsNow = computed<DraftParts>(() => {
  const settings = draft.settings.value;
  const modes = account.value?.modes ?? null;
  // A speed that another key chose is not this one's.
  const speed = settings.speed !== '' && modes !== null && !modes.includes(settings.speed) ? '' : settings.speed;
  return {
    kind: kindNow.value.name,
    text: textNow.value,
    pictures: draft.pictures.value,
    settings: { ...settings, speed },
  };
});

/** The body of the request as it would be sent now; another object after every change. */
export const bodyNow = computed<SubmitBody>(() => submitBody(partsNow.value));

/** What is missing in it. */
export const missingNow = computed(() => missingIn(partsNow.value));
