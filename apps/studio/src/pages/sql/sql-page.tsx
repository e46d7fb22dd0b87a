import { useSignal } from '@preact/signals';
import { Database, Play, Route, Square } from 'lucide';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { call, type Schemas } from '../../api/client.ts';
import { readNames, reportedKey, reportedUpstream } from '../../api/named-rows.ts';
import { readQuestions, type Parameters, type Question } from '../../api/questions.ts';
import { useResource } from '../../api/resource.ts';
import { pagePath } from '../../app/pages.ts';
import { Button } from '../../components/button.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { EmptyState } from '../../components/states.tsx';
import type { CodeEditor } from './editor/code-editor.ts';
import { SqlEditor } from './editor/sql-editor.tsx';
import { ParameterForm } from './parameters/parameter-form.tsx';
import { LibraryPanel } from './queries/library-panel.tsx';
import { readAddress, writeAddress, type QueryAddress } from './query-address.ts';
import { ownQueries } from './queries/own-queries.ts';
import { pastRuns } from './queries/run-history.ts';
import { QueryHead } from './query-head.tsx';
import { ResultPanel } from './results/result-panel.tsx';
import { RunClock } from './results/run-clock.tsx';
import { faultPosition, FaultNotice, RunNotice } from './results/run-notice.tsx';
import styles from './sql-page.module.css';
import { strings } from './strings.ts';
import { Workbench, type RunKind } from './workbench.ts';

const NO_VIEWS: Schemas['DictionaryViewDto'][] = [];

/** The workbench: questions and SQL over schema `report`, and their answers. Its address names the query and its values. */
export function SqlPage(): VNode {
  const texts = strings.value;
  const { url, route } = useLocation();
  const { search } = new URL(url, location.origin);
  const bench = useMemo(() => new Workbench(), []);
  const editor = useSignal<CodeEditor | null>(null);
  const runButton = useRef<HTMLDivElement>(null);
  const unknown = useSignal<string | null>(null);
  /** The address that the page itself wrote: what it names is shown already. */
  const written = useRef<string | null>(null);
  const [questions, rereadQuestions] = useResource('questions', readQuestions);
  const [dictionary, rereadDictionary] = useResource('dictionary', (signal) =>
    call<Schemas['DictionaryDto']>('GET', '/admin/sql/dictionary', { signal }),
  );
  const [names] = useResource('names', readReportedNames);
  const catalogue = questions.value.value;

  useEffect(() => {
    bench.questions.value = catalogue ?? [];
  }, [catalogue]);
  useEffect(() => () => bench.cancel(), []);
  useEffect(() => {
    if (written.current === search) return;
    const address = readAddress(search);
    if (address.question !== null && catalogue === null) return;
    written.current = search;
    open(address);
  }, [search, catalogue]);

  const open = ({ question: name, sql, own, parameters }: QueryAddress): void => {
    unknown.value = null;
    if (name === null) {
      const isKnown =
        pastRuns.value.some((past) => past.sql === sql) || ownQueries.value.some((known) => known.sql === sql);
      const isFromLink = sql !== null && !isKnown;
      return bench.showSql(sql ?? Workbench.draft(), parameters, { own, isFromLink });
    }
    const question = catalogue?.find((known) => known.name === name);
    if (question === undefined) {
      unknown.value = name;
      return bench.showSql('', {}, {});
    }
    bench.showQuestion(question, parameters);
    void bench.start('rows');
  };
  const keepAddress = (): void => {
    // What is too long for the address is found again as the draft.
    const query = writeAddress(bench.address()) ?? '';
    bench.keepDraft();
    if (query === search) return;
    written.current = query;
    route(pagePath('sql') + query, bench.question.value !== null);
  };
  const run = (kind: RunKind = 'rows'): void => {
    unknown.value = null;
    keepAddress();
    void bench.start(kind);
  };
  const show = (sql: string, values: Parameters, own: string | null): void => {
    bench.showSql(sql, values, { own });
    keepAddress();
  };
  const hrefOf = (question: Question): string =>
    pagePath('sql') +
    (writeAddress({
      question: question.name,
      sql: null,
      own: null,
      parameters: carried(bench.values.value, question),
    }) ?? '');

  const state = bench.run.value;
  const isRunning = state.kind === 'running';
  const question = bench.question.value;
  const answer = bench.answer.value;
  const fault = state.kind === 'failed' ? faultPosition(state.failure) : null;
  return (
    <>
      <PageHead title={texts.title} />
      <div class={styles['page']}>
        <LibraryPanel
          questions={{ ...questions.value, again: rereadQuestions }}
          views={{
            value: dictionary.value.value?.views ?? null,
            failure: dictionary.value.failure,
            again: rereadDictionary,
          }}
          current={question?.name ?? null}
          own={bench.own.value}
          hrefOf={hrefOf}
          onOwn={({ sql, parameters, id }) => show(sql, parameters, id)}
          onPast={(past) => {
            const known = catalogue?.find(({ name }) => name === past.question);
            if (known === undefined) return show(past.sql, past.parameters, null);
            bench.showQuestion(known, past.parameters);
            run();
          }}
          onInsert={(text) => editor.value?.insert(text)}
        />
        <div class={styles['desk']}>
          <section class={styles['query']} aria-label={texts.editor.label}>
            <QueryHead
              bench={bench}
              onNew={() => {
                bench.edit('');
                show('', {}, null);
              }}
            />
            <SqlEditor
              text={bench.text.value}
              edition={bench.edition.value}
              fault={fault}
              views={dictionary.value.value?.views ?? NO_VIEWS}
              parameters={USUAL}
              editor={editor}
              onChange={(text) => bench.edit(text)}
              onRun={() => run()}
              onLeave={() => runButton.current?.querySelector('button')?.focus()}
            />
            <ParameterForm
              parameters={bench.parameters.value}
              values={bench.values.value}
              names={names.value.value ?? NO_NAMES}
              onValue={(values, isFinal) => {
                bench.values.value = { ...bench.values.value, ...values };
                if (isFinal && bench.question.value !== null) run();
              }}
              onRun={() => run()}
            />
            <div class={styles['bar']} ref={runButton}>
              {isRunning ? (
                <Button kind="danger" icon={Square} onClick={() => bench.cancel()}>
                  {texts.cancel}
                </Button>
              ) : (
                <Button kind="primary" icon={Play} disabled={bench.text.value.trim() === ''} onClick={() => run()}>
                  {texts.run}
                </Button>
              )}
              <Button
                kind="quiet"
                icon={Route}
                title={texts.planTitle}
                disabled={isRunning || bench.text.value.trim() === ''}
                onClick={() => run('plan')}
              >
                {texts.plan}
              </Button>
              <p class={styles['keys']}>
                <kbd>Ctrl</kbd> <kbd>⏎</kbd> {texts.keys}
              </p>
              <p class={styles['state']} role="status">
                {isRunning && (state.of === 'plan' ? texts.planning : <RunClock />)}
              </p>
            </div>
          </section>
          {unknown.value !== null && <RunNotice text={texts.noSuchQuestion(unknown.value)} />}
          {bench.isFromLink.value && <RunNotice text={texts.fromLink} />}
          {state.kind === 'cancelled' && <RunNotice text={texts.cancelled} />}
          {state.kind === 'failed' && (
            <FaultNotice
              failure={state.failure}
              text={bench.text.value}
              onGoTo={(position) => editor.value?.goTo(position)}
              onRetry={() => run()}
            />
          )}
          {answer !== null ? (
            <ResultPanel key={`${answer.question?.name ?? ''} ${answer.kind}`} answer={answer} isOld={isRunning} />
          ) : (
            !isRunning &&
            state.kind === 'idle' &&
            !bench.isFromLink.value && <EmptyState icon={Database} title={texts.empty.title} text={texts.empty.text} />
          )}
        </div>
      </div>
    </>
  );
}

const NO_NAMES = { keys: [], upstreams: [] };
/** Parameters that have a meaning in every query. */
const USUAL = ['from', 'to', 'bucket', 'key', 'upstream', 'task'];

async function readReportedNames(signal: AbortSignal): Promise<{ keys: string[]; upstreams: string[] }> {
  const { keys, upstreams } = await readNames(signal);
  const named = (names: (string | null)[]): string[] => names.filter((name) => name !== null);
  return {
    keys: named(keys.map(({ id }) => reportedKey(keys, id))),
    upstreams: named(upstreams.map(({ id }) => reportedUpstream(upstreams, id))),
  };
}

/** Values that go along to another question: those of parameters that both have. */
function carried(values: Parameters, { parameters }: Question): Parameters {
  const known = new Set(parameters.map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => known.has(name) && USUAL.includes(name) && name !== 'bucket'),
  );
}
