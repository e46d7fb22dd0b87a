import type { VNode } from 'preact';
import { pagePath } from '../../../app/pages.ts';
import { Badge } from '../../../components/badge.tsx';
import { formatNumber, formatShare } from '../../../i18n/format.ts';
import { errorWords } from '../error-words.ts';
import { Ago } from '../records/ago.tsx';
import { RecordTable, type Column } from '../records/record-table.tsx';
import { SlotMeter } from '../records/slot-meter.tsx';
import { strings as page } from '../strings.ts';
import type { UpstreamNow } from './house.ts';
import { strings } from './strings.ts';

/** Upstreams as they stand now. */
export function UpstreamStates({ upstreams }: { upstreams: readonly UpstreamNow[] }): VNode {
  const texts = strings.value;
  const { column } = texts;
  const columns: Column<UpstreamNow>[] = [
    {
      name: 'name',
      label: column.name,
      cell: ({ name, kind }) => (
        <span>
          <a href={pagePath('operation', 'upstreams')}>{name}</a> <span class="soft">{kind}</span>
        </span>
      ),
    },
    { name: 'state', label: column.state, cell: (row) => <UpstreamState {...row} /> },
    { name: 'slots', label: column.slots, cell: ({ running, slots }) => <SlotMeter running={running} slots={slots} /> },
    {
      name: 'answers',
      label: column.answers,
      isNumber: true,
      cell: ({ okRatio, calls }) =>
        okRatio === null ? (
          <span class="soft">{texts.noCalls}</span>
        ) : (
          texts.calls(formatShare(okRatio), formatNumber(calls))
        ),
    },
    {
      name: 'latency',
      label: column.latency,
      isNumber: true,
      cell: ({ p95Ms }) => (p95Ms === null ? <span class="soft">–</span> : texts.ms(formatNumber(p95Ms))),
    },
    { name: 'lastOk', label: column.lastOk, cell: ({ lastOkAt }) => <Ago at={lastOkAt} /> },
    {
      name: 'lastError',
      label: column.lastError,
      cell: ({ lastError, lastErrorAt }) =>
        lastError === null ? (
          <span class="soft">{page.value.none}</span>
        ) : (
          <span>
            {errorWords(lastError)}{' '}
            <span class="soft">
              · <Ago at={lastErrorAt} />
            </span>
          </span>
        ),
    },
  ];
  return (
    <RecordTable
      label={texts.upstreams}
      columns={columns}
      rows={upstreams}
      keyOf={({ name }) => name}
      isMuted={({ isEnabled }) => !isEnabled}
    />
  );
}

function UpstreamState({ isEnabled, misconfigured, circuit, running }: UpstreamNow): VNode {
  const texts = page.value;
  if (!isEnabled) return <Badge>{running > 0 ? texts.draining : texts.disabled}</Badge>;
  if (misconfigured !== null) return <Badge tone="danger">{texts.misconfigured}</Badge>;
  const tone = circuit === 'closed' ? 'success' : circuit === 'open' ? 'danger' : 'warning';
  return <Badge tone={tone}>{texts.circuits[circuit]}</Badge>;
}
