import { EditorView } from '@codemirror/view';

/**
 * Types over a selection as a change of the editor's own. Left to the browser, Chromium puts style attributes where lines are
 * joined: the content security policy refuses them, and the console tells of it.
 */
export const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    const { data, inputType, isComposing } = event;
    if (empty || isComposing || inputType !== 'insertText' || data === null) return false;
    const insert = (): ReturnType<typeof view.state.update> =>
      view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    event.preventDefault();
    const isTaken = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, data, insert));
    if (!isTaken) view.dispatch(insert());
    return true;
  },
});
