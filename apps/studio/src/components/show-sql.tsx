import { useSignal } from '@preact/signals';
import { Database } from 'lucide';
import type { VNode } from 'preact';
import { STUDIO_PATH } from '../api/gateway-url.ts';
import { session } from '../app/session.ts';
import { Button, ButtonLink, IconButton } from './button.tsx';
import { CodeBlock } from './code-block.tsx';
import { Dialog } from './dialog.tsx';
import { strings } from './strings.ts';

/** The query behind a number or a chart. */
export interface ShownSql {
  sql: string;
  /** Values of its `:parameters`; null or absent: their defaults. */
  parameters?: Record<string, string | null>;
  /** Name of a question of the catalogue, where it is one. */
  question?: string;
}

/** Address of the SQL workbench with a query in it. */
export function workbenchLink({ sql, parameters = {}, question }: ShownSql): string {
  const query = new URLSearchParams();
  if (question === undefined) query.set('sql', sql);
  else query.set('question', question);
  for (const [name, value] of Object.entries(parameters)) if (value !== null) query.set(`p.${name}`, value);
  return `${STUDIO_PATH}/sql?${query.toString()}`;
}

/** "Show SQL": tells the query behind what stands beside it, and opens it in the workbench where there is one. */
export function ShowSql({ of, label, ...shown }: ShownSql & { of: string; label?: boolean }): VNode {
  const isOpen = useSignal(false);
  const { showSql, showSqlOf, sqlTitle, openInWorkbench, close } = strings.value;
  const open = (): void => void (isOpen.value = true);
  const shut = (): void => void (isOpen.value = false);
  const canRun = session.value.kind === 'signed-in' && session.value.session.sql;
  return (
    <>
      {label === true ? (
        <Button kind="quiet" isSmall icon={Database} onClick={open} title={showSqlOf(of)}>
          {showSql}
        </Button>
      ) : (
        <IconButton isSmall icon={Database} label={showSqlOf(of)} onClick={open} />
      )}
      {isOpen.value && (
        <Dialog
          title={`${sqlTitle}: ${of}`}
          onClose={shut}
          actions={
            canRun ? (
              <ButtonLink kind="primary" icon={Database} href={workbenchLink(shown)}>
                {openInWorkbench}
              </ButtonLink>
            ) : (
              <Button onClick={shut}>{close}</Button>
            )
          }
        >
          <CodeBlock text={shown.sql} label={sqlTitle} />
        </Dialog>
      )}
    </>
  );
}
