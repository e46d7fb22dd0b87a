import { useSignal } from '@preact/signals';
import { call } from '../../../api/client.ts';
import { connection } from '../../../api/connection.ts';
import { useSettled } from '../use-settled.ts';
import { carriedOver, relevantFindings, type Finding } from './finding.ts';

const PAUSE_MS = 250;

/**
 * What the gateway's lint says about a prompt, asked once typing pauses. Until it answers, what is known of the text before is
 * kept at its places.
 *
 * @param isOn false: nothing is looked at
 */
export function useFindings(prompt: string, bot: string, pictures: number, isOn: boolean): readonly Finding[] {
  const known = useSignal<{ prompt: string; findings: readonly Finding[] }>({ prompt: '', findings: [] });
  const isAsked = isOn && prompt.trim() !== '';
  useSettled(
    isAsked ? JSON.stringify([prompt, bot, connection.value === 'online']) : null,
    PAUSE_MS,
    async (signal) => {
      try {
        const body = { prompt, botType: bot };
        const findings = await call<Finding[]>('POST', '/mj/prompt/lint', { body, signal });
        if (!signal.aborted) known.value = { prompt, findings };
      } catch {
        // The banner tells of a lost connection; the prompt can be sent without having been looked at.
      }
    },
  );
  if (!isAsked) return [];
  return relevantFindings(carriedOver(known.value.findings, known.value.prompt, prompt), pictures);
}
