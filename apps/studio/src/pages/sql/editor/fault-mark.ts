import { StateEffect, StateField, type EditorState } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

const setFault = StateEffect.define<number | null>();

/** The mark under the place of a mistake; it goes when that line is changed. */
export const faultField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    if (transaction.docChanged) next = Decoration.none;
    for (const effect of transaction.effects) {
      if (effect.is(setFault)) next = effect.value === null ? Decoration.none : markAt(transaction.state, effect.value);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Marks the word at a place, or takes the mark away. @param position from 1, as the gateway tells it */
export function showFault(view: EditorView, position: number | null): void {
  view.dispatch({ effects: setFault.of(position) });
}

function markAt(state: EditorState, position: number): DecorationSet {
  const { length } = state.doc;
  if (length === 0) return Decoration.none;
  const from = Math.min(Math.max(0, position - 1), length - 1);
  const word = /^(?:[\w.$]+|:\w+|"[^"]*"|'[^']*')/.exec(state.sliceDoc(from, Math.min(length, from + 200)))?.[0];
  return Decoration.set([Decoration.mark({ class: 'cm-fault' }).range(from, from + Math.max(1, word?.length ?? 1))]);
}
