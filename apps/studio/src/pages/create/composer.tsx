import { useSignal } from '@preact/signals';
import { Sparkles } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { draft, kindNow, pictureCount, picturesIn, textNow, writeText } from './draft/draft.ts';
import { slotKey, type PictureSlot as Slot } from './kinds.ts';
import { ParameterHelper } from './parameters/parameter-helper.tsx';
import { PictureSlot } from './pictures/picture-slot.tsx';
import { PriceLine } from './price/price-line.tsx';
import { usePrice } from './price/use-price.ts';
import styles from './composer.module.css';
import { bannedFindings } from './prompt/banned-finding.ts';
import { ExamplePrompts } from './prompt/example-prompts.tsx';
import { withFix } from './prompt/finding.ts';
import { FindingList } from './prompt/finding-list.tsx';
import { PromptField } from './prompt/prompt-field.tsx';
import { useFindings } from './prompt/use-findings.ts';
import { bodyNow, missingNow } from './request/request-now.ts';
import { Advanced } from './settings/advanced.tsx';
import { SettingsRow } from './settings/settings-row.tsx';
import { strings } from './strings.ts';
import { outcomeText, placeOf, refusalText } from './submit/answer-text.ts';
import { useSubmit } from './submit/use-submit.ts';

/**
 * Where a request is put together and sent.
 *
 * @param results what was sent, where it is shown right below the button
 */
export function Composer({ results, onSent }: { results?: ComponentChildren; onSent: () => void }): VNode {
  const texts = strings.value;
  const kind = kindNow.value;
  const text = textNow.value;
  const { bot, speed } = draft.settings.value;
  const form = useRef<HTMLFormElement>(null);
  const notesId = useId();
  const active = useSignal(-1);
  const turn = useSignal(0);
  const { isSending, judgement, press } = useSubmit();
  const { missing, isTooMuch, outcome } = judgement.value;
  const price = usePrice(kind, missingNow.value.length > 0 ? null : bodyNow.value, turn.value);
  const linted = useFindings(text, bot, pictureCount.value, kind.isLinted);
  const word = bannedWordOf(outcome) || (price.value.kind === 'banned' ? price.value.word : '');
  const findings = [...bannedFindings(text, word), ...linted];

  const missingAt = (place: string): string | null => {
    const found = missing.find(({ at }) => at === place);
    return found === undefined ? null : texts.missing[found.what];
  };
  const refused = outcome?.kind === 'failed' ? outcome.failure : null;
  // Then the answer says it below the button.
  const isRefused = outcome?.kind === 'banned' || refused !== null;
  const place = refused === null ? null : placeOf(refused);
  const refusedAt = (at: string): string | null => (refused !== null && place === at ? refusalText(refused) : null);
  const fix = (number: number): void => {
    const finding = findings[number];
    if (finding === undefined || finding.fix === null) return;
    writeText(withFix(text, finding));
    active.value = -1;
    // The button that was pressed is gone: the next one has the focus, or the prompt when all is well.
    if (document.activeElement instanceof HTMLTextAreaElement) return;
    requestAnimationFrame(() => {
      const find = (what: string): HTMLElement | null | undefined => form.current?.querySelector<HTMLElement>(what);
      (find('[data-fix]') ?? find('textarea'))?.focus();
    });
  };
  const send = async (): Promise<void> => {
    const judged = await press();
    turn.value += 1;
    if (judged.outcome?.kind === 'accepted') return onSent();
    // Once what is wrong is marked, the focus goes to the first place of it.
    requestAnimationFrame(() => {
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong="true"] button')?.focus();
    });
  };
  const slot = (one: Slot): VNode => {
    const key = slotKey(kind.name, one);
    return <PictureSlot key={key} id={key} slot={one} pictures={picturesIn(kind.name, one)} error={missingAt(key)} />;
  };
  const hasSlotsFirst = kind.name !== 'imagine';
  const slots = kind.slots.length > 0 && <div class={styles['slots']}>{kind.slots.map(slot)}</div>;
  return (
    <form
      ref={form}
      class={styles['composer']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p class={styles['about']}>{texts.about[kind.name]}</p>
      <div class={styles['card']}>
        {hasSlotsFirst && slots}
        {kind.prompt !== 'none' && (
          <div class={styles['prompt']}>
            <PromptField
              label={texts.prompt.label}
              value={text}
              findings={findings}
              active={active.value}
              placeholder={placeholderOf(kind.name)}
              error={missingAt('prompt') ?? refusedAt('prompt')}
              notesId={notesId}
              onChange={writeText}
              onPoint={(number) => (active.value = number)}
              onFix={fix}
              onSubmit={() => void send()}
            />
            <FindingList
              id={notesId}
              prompt={text}
              findings={findings}
              active={active.value}
              onPoint={(number) => (active.value = number)}
              onFix={fix}
            />
            {kind.name === 'imagine' && text === '' && <ExamplePrompts />}
          </div>
        )}
        {!hasSlotsFirst && slots}
        {isTooMuch && (
          <p class={styles['bad']} role="alert">
            {texts.pictures.tooMuch}
          </p>
        )}
        <div class={styles['bar']}>
          <SettingsRow />
          <div class={styles['press']}>
            <PriceLine state={isRefused ? { kind: 'none' } : price.value} speed={speed} />
            <Button type="submit" kind="primary" icon={Sparkles} isBusy={isSending.value}>
              {isSending.value ? texts.submit.sending : texts.submit.create}
            </Button>
          </div>
        </div>
        {outcome !== null && place === null && (
          <p class={outcome.kind === 'accepted' ? styles['good'] : styles['bad']} role="status">
            {outcomeText(outcome)}
          </p>
        )}
      </div>
      {results}
      {kind.isLinted && (
        <div class={styles['card']}>
          <ParameterHelper
            prompt={text}
            bot={bot}
            pictures={pictureCount.value}
            isFilm={kind.name === 'video'}
            onChange={writeText}
          />
        </div>
      )}
      <div class={styles['card']}>
        <Advanced errors={{ state: refusedAt('state'), notifyHook: refusedAt('notifyHook') }} />
      </div>
    </form>
  );
}

function bannedWordOf(outcome: { kind: string; word?: string } | null): string {
  return outcome?.kind === 'banned' ? (outcome.word ?? '') : '';
}

function placeholderOf(name: string): string {
  const placeholders: Readonly<Record<string, string>> = strings.value.prompt.placeholder;
  return placeholders[name] ?? '';
}
