import { ChevronDown } from 'lucide';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { call } from '../../../api/client.ts';
import { useResource } from '../../../api/resource.ts';
import { SelectField } from '../../../components/field.tsx';
import { Icon } from '../../../components/icon.tsx';
import { Skeleton } from '../../../components/states.tsx';
import { ParameterControl } from './parameter-control.tsx';
import { strings } from './parameter-text.ts';
import styles from './parameters.module.css';
import {
  parametersIn,
  parameterValue,
  versionOf,
  withParameter,
  type ParameterRule,
  type PromptRules,
} from './prompt-parameters.ts';
import { RatioPicker } from './ratio-picker.tsx';

/** Those that people ask for most stand first, by their short names; the rest is one click away. */
const SLIDERS = ['s', 'c', 'w'];
const LINES = ['seed', 'no'];
const TOGGLES = ['raw', 'tile', 'hd', 'draft'];
/** They have controls of their own on the page, or in the window of a zoom. */
const ELSEWHERE = ['ar', 'v', 'niji', 'video', 'motion', 'bs', 'loop', 'end', 'zoom'];

/** Controls for the parameters of a prompt. They read the prompt's text and write into it; nothing is kept beside it. */
export function ParameterHelper({
  prompt,
  bot,
  pictures,
  isFilm,
  onChange,
}: {
  prompt: string;
  bot: string;
  pictures: number;
  /** Whether a film is asked for, which takes few parameters. */
  isFilm: boolean;
  onChange: (prompt: string) => void;
}): VNode | null {
  const [resource] = useResource('rules', (signal) => call<PromptRules>('GET', '/mj/prompt/rules', { signal }));
  const { value: rules, failure } = resource.value;
  const found = useMemo(() => (rules === null ? [] : parametersIn(prompt, rules)), [prompt, rules]);
  if (rules === null) {
    if (failure !== null && failure.kind === 'refused') return <p class="soft">{strings.value.failed}</p>;
    return <Skeleton height="180px" />;
  }
  const version = versionOf(found, rules, bot);
  const model = isFilm ? 'video' : (version?.model ?? null);
  const set = (name: string, value: string | null): void => onChange(withParameter(prompt, rules, name, value));
  const fits = (rule: ParameterRule): boolean => {
    if (rule.undocumented || rule.speed || ELSEWHERE.includes(rule.name)) return false;
    const stands = parameterValue(found, rule.name) !== null;
    if (rule.needs !== null && !stands && !isThere(rule.needs)) return false;
    return stands || model === null || rule.models.includes(model) || rule.disputed.includes(model);
  };
  const isThere = (need: string): boolean => (need === 'picture' ? pictures > 0 : parameterValue(found, need) !== null);
  const offered = rules.parameters.filter(fits);
  const named = (names: readonly string[]): ParameterRule[] =>
    names.flatMap((name) => offered.filter((rule) => rule.name === name));
  const first = [...SLIDERS, ...LINES, ...TOGGLES];
  const rest = offered.filter(({ name }) => !first.includes(name));
  const control = (rule: ParameterRule): VNode => (
    <ParameterControl
      key={rule.name}
      rule={rule}
      model={model}
      value={parameterValue(found, rule.name)}
      onChange={(value) => set(rule.name, value)}
    />
  );
  const takesRatio = rules.parameters.some(
    ({ name, models }) => name === 'ar' && (model === null || models.includes(model)),
  );
  const ratio = rules.parameters.find(({ name }) => name === 'ar')?.default;
  const texts = strings.value;
  return (
    <section class={styles['helper']} aria-label={texts.title}>
      {takesRatio && (
        <RatioPicker
          ratios={rules.ratios}
          byDefault={typeof ratio === 'string' ? ratio : '1:1'}
          value={parameterValue(found, 'ar')}
          onChange={(value) => set('ar', value)}
        />
      )}
      <div class={styles['sliders']}>{named(SLIDERS).map(control)}</div>
      <div class={styles['fields']}>
        {!isFilm && <VersionPicker rules={rules} prompt={prompt} bot={bot} onChange={onChange} />}
        {named(LINES).map(control)}
      </div>
      <div class={styles['toggles']}>{named(TOGGLES).map(control)}</div>
      {rest.length > 0 && (
        <details
          class={styles['more']}
          open={rest.some(({ name }) => parameterValue(found, name) !== null) || undefined}
        >
          <summary>
            <Icon node={ChevronDown} size={16} />
            {texts.more}
          </summary>
          <div class={styles['sliders']}>{rest.filter(isSlider).map(control)}</div>
          <div class={styles['fields']}>
            {rest.filter((rule) => !isSlider(rule) && rule.value.kind !== 'flag').map(control)}
          </div>
          <div class={styles['toggles']}>{rest.filter(({ value }) => value.kind === 'flag').map(control)}</div>
        </details>
      )}
    </section>
  );
}

function isSlider({ value }: ParameterRule): boolean {
  return value.kind === 'number' && value.range?.oneOf === undefined;
}

function VersionPicker({
  rules,
  prompt,
  bot,
  onChange,
}: {
  rules: PromptRules;
  prompt: string;
  bot: string;
  onChange: (prompt: string) => void;
}): VNode {
  const texts = strings.value;
  const found = parametersIn(prompt, rules);
  const isNamed = found.some(({ rule: { name } }) => name === 'v' || name === 'niji');
  const now = isNamed ? versionOf(found, rules, bot) : undefined;
  const usual = versionOf([], rules, bot);
  const choose = (text: string): void => {
    const chosen = rules.versions.find((version) => version.text === text);
    if (chosen === undefined)
      return onChange(withParameter(withParameter(prompt, rules, 'v', null), rules, 'niji', null));
    const name = chosen.bot === 'NIJI_JOURNEY' ? 'niji' : 'v';
    onChange(withParameter(prompt, rules, name, String(chosen.version)));
  };
  return (
    <SelectField
      label={texts.version}
      value={now?.text ?? ''}
      options={[
        { value: '', label: texts.defaultVersion(usual === undefined ? '' : nameOf(usual)) },
        ...rules.versions
          .filter(({ model }) => model !== null)
          .map((version) => ({
            value: version.text,
            label: nameOf(version),
          })),
        ...(now !== undefined && now.model === null ? [{ value: now.text, label: nameOf(now) }] : []),
      ]}
      onChange={choose}
    />
  );
}

function nameOf({ bot, version }: { bot: string; version: number }): string {
  return bot === 'NIJI_JOURNEY' ? `Niji ${version}` : `V${version}`;
}
