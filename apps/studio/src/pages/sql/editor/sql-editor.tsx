import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal, type Signal } from '@preact/signals';
import { Skeleton } from '../../../components/states.tsx';
import { strings } from '../strings.ts';
import type { CodeEditor } from './code-editor.ts';
import type { View } from './completion.ts';
import styles from './sql-editor.module.css';

/** The editor of the query. CodeMirror is loaded when it appears; until then the query cannot be changed. */
export function SqlEditor({
  text,
  edition,
  fault,
  views,
  parameters,
  editor,
  onChange,
  onRun,
  onLeave,
}: {
  text: string;
  /** Changes when another query is shown: what is typed is the editor's own. */
  edition: number;
  /** Place of a mistake, from 1. */
  fault: number | null;
  views: readonly View[];
  /** Names that a colon can be followed by. */
  parameters: readonly string[];
  /** Where others find the editor, to write into it. */
  editor: Signal<CodeEditor | null>;
  onChange: (text: string) => void;
  onRun: () => void;
  onLeave: () => void;
}): VNode {
  const host = useRef<HTMLDivElement>(null);
  const hasFailed = useSignal(false);
  const calls = useRef({ onChange, onRun, onLeave, text });
  calls.current = { onChange, onRun, onLeave, text };
  const texts = strings.value;
  useEffect(() => {
    let isGone = false;
    void import('./code-editor.ts').then(
      ({ openEditor }) => {
        if (isGone || host.current === null) return;
        editor.value = openEditor(host.current, {
          text: calls.current.text,
          onChange: (changed) => calls.current.onChange(changed),
          onRun: () => calls.current.onRun(),
          onLeave: () => calls.current.onLeave(),
        });
      },
      () => (hasFailed.value = true),
    );
    return () => {
      isGone = true;
      editor.value?.destroy();
      editor.value = null;
    };
  }, []);
  const opened = editor.value;
  useEffect(() => opened?.setText(calls.current.text), [opened, edition]);
  useEffect(() => opened?.mark(fault), [opened, fault]);
  useEffect(() => opened?.setDictionary(views, parameters), [opened, views, parameters]);
  useEffect(() => opened?.setWords(texts.editor), [opened, texts]);
  return (
    <div class={styles['editor']}>
      <div ref={host} class={styles['host']} />
      {opened === null && !hasFailed.value && (
        <div class={styles['loading']}>
          <Skeleton height="148px" />
        </div>
      )}
      {hasFailed.value && (
        <textarea
          class={styles['plain']}
          aria-label={texts.editor.label}
          value={text}
          spellcheck={false}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </div>
  );
}
