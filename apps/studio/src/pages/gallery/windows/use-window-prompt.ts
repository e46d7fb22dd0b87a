import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Task } from '../../../api/client.ts';
import { draftOf, keepDraft } from './window-drafts.ts';

/** The text of a window: what was typed into it before, else what the upstream would show. It is kept when the window closes. */
export function useWindowPrompt({ id, properties }: Task): Signal<string> {
  const prompt = useSignal(draftOf(id).prompt ?? properties.finalPrompt);
  useEffect(() => {
    if (prompt.value !== properties.finalPrompt || draftOf(id).prompt !== undefined) {
      keepDraft(id, { prompt: prompt.value });
    }
  }, [prompt.value]);
  return prompt;
}
