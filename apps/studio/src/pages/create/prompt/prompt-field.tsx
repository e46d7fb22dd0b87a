import type { VNode } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { strings } from '../strings.ts';
import { findingAt, piecesOf, type Finding } from './finding.ts';
import styles from './prompt-field.module.css';

/**
 * The text of a prompt, with a wavy line under each place that is wrong. A copy of the text behind the field carries the lines: the
 * field itself stays a plain text area, which every browser, keyboard and screen reader knows.
 *
 * @param onPoint called with the number of the finding at the caret or under the pointer; -1: none
 * @param onFix called when the finding at the caret is to be mended by key
 */
export function PromptField({
  value,
  findings,
  active,
  placeholder,
  label,
  error,
  notesId,
  onChange,
  onPoint,
  onFix,
  onSubmit,
}: {
  value: string;
  findings: readonly Finding[];
  active: number;
  placeholder: string;
  label: string;
  error: string | null;
  /** Element that lists what is wrong. */
  notesId: string;
  onChange: (value: string) => void;
  onPoint: (finding: number) => void;
  onFix: (finding: number) => void;
  onSubmit: () => void;
}): VNode {
  const id = useId();
  const copy = useRef<HTMLDivElement>(null);
  const pointAtCaret = (area: HTMLTextAreaElement): void => onPoint(findingAt(findings, area.selectionStart));
  const pointAtPointer = (event: MouseEvent): void => {
    if (findings.length === 0 || event.buttons !== 0) return;
    const marks = copy.current?.querySelectorAll('mark') ?? [];
    const hit = [...marks].find((mark) =>
      [...mark.getClientRects()].some(
        ({ left, right, top, bottom }) =>
          event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom,
      ),
    );
    if (hit !== undefined) onPoint(Number(hit.dataset['finding']));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSubmit();
    } else if (event.key === '.' && (event.ctrlKey || event.metaKey) && findings[active] !== undefined) {
      event.preventDefault();
      onFix(active);
    }
  };
  return (
    <div class={styles['field']}>
      <label for={id} class={styles['label']}>
        {label}
      </label>
      <div class={`${styles['frame']} ${error === null ? '' : styles['wrong']}`}>
        <div ref={copy} class={styles['copy']} aria-hidden="true">
          {piecesOf(value, findings).map(({ text, findings: covering }, at) => {
            const [first] = covering;
            if (first === undefined) return <span key={at}>{text}</span>;
            const severity = covering.some((one) => findings[one]?.severity === 'error') ? 'error' : 'warning';
            const isActive = covering.includes(active);
            return (
              <mark key={at} data-finding={first} class={`${styles[severity]} ${isActive ? styles['active'] : ''}`}>
                {text}
              </mark>
            );
          })}
          {/* A last empty line has no height of its own. */}
          {'\u200b'}
        </div>
        <textarea
          id={id}
          class={styles['text']}
          rows={3}
          value={value}
          placeholder={placeholder}
          aria-invalid={error !== null || findings.some(({ severity }) => severity === 'error')}
          aria-describedby={notesId}
          aria-keyshortcuts="Control+Enter Control+."
          title=""
          onInput={(event) => onChange(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onKeyUp={(event) => pointAtCaret(event.currentTarget)}
          onClick={(event) => pointAtCaret(event.currentTarget)}
          onMouseMove={pointAtPointer}
        />
      </div>
      {error !== null && (
        <p class={styles['errorText']} role="alert">
          {error}
        </p>
      )}
      <p class="visually-hidden">{strings.value.prompt.keys}</p>
    </div>
  );
}
