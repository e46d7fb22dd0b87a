/** @jest-environment jsdom */
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextArea, TextField } from './field.tsx';

describe('Dialog', () => {
  beforeAll(() => {
    // jsdom has no dialogs.
    HTMLDialogElement.prototype.showModal = function () {
      this.open = true;
    };
  });
  afterEach(cleanup);

  function show(isFit: boolean): jest.Mock {
    const submit = jest.fn();
    const save = (
      <Button type="submit" disabled={!isFit}>
        Save
      </Button>
    );
    render(
      <Dialog title="A name" actions={save} onSubmit={submit} onClose={() => undefined}>
        <TextField label="Name" value="" onChange={() => undefined} />
        <TextArea label="Note" value="" onChange={() => undefined} />
      </Dialog>,
    );
    return submit;
  }

  it('is a form whose button submits it, so that Enter in a line does', () => {
    const submit = show(true);
    const line = screen.getByLabelText<HTMLInputElement>('Name');
    expect(line.form).not.toBeNull();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).form).toBe(line.form);
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(submit).toHaveBeenCalledTimes(1);
  });

  it('is submitted by Ctrl+Enter where Enter begins a new line', () => {
    const submit = show(true);
    fireEvent.keyDown(screen.getByLabelText('Note'), { key: 'Enter' });
    expect(submit).not.toHaveBeenCalled();
    fireEvent.keyDown(screen.getByLabelText('Note'), { key: 'Enter', ctrlKey: true });
    expect(submit).toHaveBeenCalledTimes(1);
  });

  it('is not submitted while its button cannot be pressed', () => {
    const submit = show(false);
    fireEvent.keyDown(screen.getByLabelText('Note'), { key: 'Enter', metaKey: true });
    expect(submit).not.toHaveBeenCalled();
  });
});
