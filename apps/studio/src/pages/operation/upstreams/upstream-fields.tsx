import type { VNode } from 'preact';
import { ACTIONS, MODES } from '../../../api/vocabulary.ts';
import { SelectField, TextField } from '../../../components/field.tsx';
import { ChoiceSet } from '../forms/choice-set.tsx';
import styles from '../operation-page.module.css';
import { strings } from './strings.ts';
import { KINDS, NUMBERS, TIMEOUTS, type UpstreamDraft } from './upstream-draft.ts';

/** Kinds that fetch pictures by link. */
const BY_LINK: readonly string[] = ['youchuan', 'legnext'];

/** The fields of an upstream, with help for its kind. @param errors what is wrong, by field */
export function UpstreamFields({
  draft,
  isNew,
  errors,
  onChange,
}: {
  draft: UpstreamDraft;
  isNew: boolean;
  errors: Record<string, string>;
  onChange: (changed: Partial<UpstreamDraft>) => void;
}): VNode {
  const texts = strings.value;
  const { fields, kinds, baseHints, secretHints } = texts;
  const errorOf = (name: string): string | null => errors[name] ?? null;
  const hints = {
    weight: fields.weightHint,
    priority: fields.priorityHint,
    maxConcurrent: fields.maxConcurrentHint,
    submitMs: fields.timeoutHint,
    pollMs: fields.timeoutHint,
  };
  return (
    <>
      <SelectField
        label={fields.kind}
        hint={BY_LINK.includes(draft.kind) ? texts.linksNeeded : texts.kindHint}
        error={errorOf('kind')}
        value={draft.kind}
        options={(isNew ? KINDS : [draft.kind]).map((value) => ({ value, label: kinds[value] }))}
        onChange={(kind) => onChange({ kind })}
      />
      <TextField
        label={fields.name}
        autocomplete="off"
        error={errorOf('name')}
        value={draft.name}
        onChange={(name) => onChange({ name })}
      />
      <TextField
        label={fields.baseUrl}
        hint={isNew ? baseHints[draft.kind] : texts.baseFixed}
        inputMode="url"
        autocomplete="off"
        disabled={!isNew}
        error={errorOf('baseUrl')}
        value={draft.baseUrl}
        onChange={(baseUrl) => onChange({ baseUrl })}
      />
      <TextField
        label={fields.secret}
        hint={isNew ? secretHints[draft.kind] : texts.secretKept}
        type="password"
        autocomplete="off"
        error={errorOf('secret')}
        value={draft.secret}
        onChange={(secret) => onChange({ secret })}
      />
      <h3>{texts.share}</h3>
      <div class={styles['pair']}>
        {[...NUMBERS, ...TIMEOUTS].map((name) => (
          <TextField
            key={name}
            label={fields[name]}
            hint={hints[name]}
            type="number"
            error={errorOf(name)}
            value={draft[name]}
            onChange={(value) => onChange({ [name]: value })}
          />
        ))}
      </div>
      <ChoiceSet
        label={fields.modes}
        options={MODES}
        chosen={draft.modes}
        error={errorOf('modes')}
        onChange={(modes) => onChange({ modes })}
      />
      <ChoiceSet
        label={fields.actions}
        options={ACTIONS}
        chosen={draft.actions}
        error={errorOf('actions')}
        onChange={(actions) => onChange({ actions })}
      />
    </>
  );
}
