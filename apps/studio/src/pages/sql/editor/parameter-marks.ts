import { Prec, type Extension } from '@codemirror/state';
import {
  Decoration,
  MatchDecorator,
  ViewPlugin,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from '@codemirror/view';

/** A colon behind a word or another colon begins no parameter. */
const marks = new MatchDecorator({
  regexp: /(?<![\w:)\]]):[A-Za-z_]\w*/g,
  decoration: Decoration.mark({ class: 'cm-parameter' }),
});

/** Gives `:parameters` a colour of their own, also where their name is a word of SQL. */
export const parameterMarks: Extension = Prec.highest(
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = marks.createDeco(view);
      }

      update(update: ViewUpdate): void {
        this.decorations = marks.updateDeco(update, this.decorations);
      }
    },
    { decorations: ({ decorations }) => decorations },
  ),
);
