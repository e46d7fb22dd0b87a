import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  type CompletionSource,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { sql } from '@codemirror/lang-sql';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { suggest, type View } from './completion.ts';
import { reportSql } from './dialect.ts';
import { editorTheme, highlighting } from './editor-theme.ts';
import { faultField, showFault } from './fault-mark.ts';
import { parameterMarks } from './parameter-marks.ts';
import { typedOver } from './typed-over.ts';

/** What the editor asks of the page around it. */
export interface EditorOptions {
  text: string;
  onChange: (text: string) => void;
  onRun: () => void;
  /** Escape was pressed, and no list was open: the focus goes elsewhere. */
  onLeave: () => void;
}

/** Words of the editor in the reader's language. */
export interface EditorWords {
  label: string;
  /** How to leave it by keyboard, for screen readers. */
  hint: string;
  placeholder: string;
}

/** An editor of SQL that stands in the page; whoever opened it destroys it. */
export interface CodeEditor {
  setText(text: string): void;
  /** Writes a text where the cursor is, and goes there. */
  insert(text: string): void;
  /** Marks a place of a mistake, from 1; null: none. */
  mark(position: number | null): void;
  /** Goes to a place, from 1. */
  goTo(position: number): void;
  setWords(words: EditorWords): void;
  setDictionary(views: readonly View[], parameters: readonly string[]): void;
  destroy(): void;
}

/**
 * Opens an editor in a shadow root of `host`. There CodeMirror's styles are adopted style sheets, which the page's content
 * security policy allows; in the document they would be a <style> element, which it does not.
 */
export function openEditor(host: HTMLElement, options: EditorOptions): CodeEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  let known: { views: readonly View[]; parameters: readonly string[] } = { views: [], parameters: [] };
  let isSetting = false;
  const words = new Compartment();
  const complete: CompletionSource = ({ state, pos, explicit }) => {
    const found = suggest(state.sliceDoc(0, pos), state.doc.toString(), { ...known, isAsked: explicit });
    return found === null ? null : { ...found, validFor: /^[\w$]*$/ };
  };
  const ownKeys = Prec.highest(
    keymap.of([{ key: 'Mod-Enter', run: (target) => (closeCompletion(target), options.onRun(), true) }]),
  );
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        ownKeys,
        lineNumbers(),
        history(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        sql({ dialect: reportSql }).language,
        syntaxHighlighting(highlighting),
        autocompletion({
          override: [complete],
          maxRenderedOptions: 60,
          icons: false,
        }),
        keymap.of([
          ...completionKeymap,
          { key: 'Escape', run: () => (options.onLeave(), true) },
          ...closeBracketsKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        EditorView.lineWrapping,
        typedOver,
        parameterMarks,
        editorTheme,
        faultField,
        words.of([]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !isSetting) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  const goTo = (position: number): void => {
    const anchor = Math.min(Math.max(0, position - 1), view.state.doc.length);
    view.dispatch({ selection: { anchor }, scrollIntoView: true });
    view.focus();
  };
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      isSetting = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } });
      isSetting = false;
    },
    insert(text) {
      view.dispatch(view.state.replaceSelection(text));
      view.focus();
    },
    mark: (position) => showFault(view, position),
    goTo,
    setWords: ({ label, hint, placeholder: shown }) =>
      view.dispatch({
        effects: words.reconfigure([
          placeholder(shown),
          EditorView.contentAttributes.of({
            'aria-label': label,
            'aria-description': hint,
            'aria-placeholder': shown,
            tabindex: '0',
          }),
        ]),
      }),
    setDictionary: (views, parameters) => (known = { views, parameters }),
    destroy: () => view.destroy(),
  };
}
