import { computed } from '@preact/signals';
import { account } from '../../../app/account.ts';
import { draft, kindNow, textNow } from '../draft/draft.ts';
import { missingIn, submitBody, type DraftParts, type SubmitBody } from './submit-body.ts';

/** A speed that another key chose is not this one's. A value of its own: the request is the same while only credits change. */
const speedNow = computed(() => {
  const { speed } = draft.settings.value;
  const modes = account.value?.modes ?? null;
  return speed !== '' && modes !== null && !modes.includes(speed) ? '' : speed;
});

const partsNow = computed<DraftParts>(() => ({
  kind: kindNow.value.name,
  text: textNow.value,
  pictures: draft.pictures.value,
  settings: { ...draft.settings.value, speed: speedNow.value },
}));

/** The body of the request as it would be sent now; another object after every change. */
export const bodyNow = computed<SubmitBody>(() => submitBody(partsNow.value));

/** What is missing in it. */
export const missingNow = computed(() => missingIn(partsNow.value));
