/** A session of one key: what its tasks are, in this order. Those after the first that build on another build on it. */
const STEPS = [
  'IMAGINE',
  'UPSCALE',
  'VARIATION',
  'UPSCALE',
  'IMAGINE',
  'UPSCALE',
  'IMAGINE',
  'REROLL',
  'UPSCALE',
  'IMAGINE',
  'IMAGINE',
  'DESCRIBE',
  'IMAGINE',
  'UPSCALE',
  'BLEND',
  'IMAGINE',
  'VARIATION',
  'IMAGINE',
  'ZOOM',
  'VIDEO',
];
const FOLLOW_UPS = ['UPSCALE', 'VARIATION', 'REROLL', 'ZOOM'];
const SUBJECTS = [
  'a lighthouse on a cliff at dusk',
  'a red fox in the snow',
  'an old tram in the rain',
  'a kitchen in the morning sun',
  'a paper boat on a pond',
  'a mountain village from above',
  'a portrait of a watchmaker',
  'a greenhouse full of ferns',
];
const STYLES = ['soft light', 'long exposure', 'watercolour', 'isometric', 'studio photograph', 'ink on paper'];

const list = (items: readonly string[]): string => `array[${items.map((item) => `'${item}'`).join(', ')}]`;
const STEP_COUNT = STEPS.length;
/** The session that row g belongs to, and its place there. */
const SESSION = (g: string): string => `(${g} / ${STEP_COUNT})`;
/** Even numbers between 0 and 1 that follow from a whole number alone. */
const SPREAD = (n: string, factor: string): string => `(((${n}) * ${factor})::numeric % 1)::float8`;
/** When row g was submitted: more towards the end of the span, and the steps of a session a minute apart. */
const SUBMITTED = (g: string): string =>
  `date_trunc('milliseconds', $2::timestamptz + power((${SESSION(g)} * ${STEP_COUNT})::float8 / $1, 0.8) * $3::interval
    + ${g} % ${STEP_COUNT} * interval '47.3 seconds')`;
/** Days since the epoch and 38 bits, like newTaskId: an odd factor gives each row bits of its own. */
const ID = (g: string): string =>
  `(floor(extract(epoch from ${SUBMITTED(g)}) / 86400)::bigint * 300000000000
    + (((${g} + $4::bigint) * 100000000003)::numeric % 274877906944)::bigint)`;
const LATER = (from: string, seconds: string): string => `${from} + ${seconds} * interval '1 second'`;

const BUTTONS = JSON.stringify(
  ['U1', 'U2', 'U3', 'U4', 'V1'].map((label) => ({
    customId: `MJ::JOB::${label.startsWith('U') ? 'upsample' : 'variation'}::${label.slice(1)}::3f1b7c52-9e0d-4f6a-8f0a-1c2d3e4f5a6b`,
    emoji: '',
    label,
    type: 2,
    style: 2,
  })),
);

/**
 * $1 how many · $2 first submit · $3 span · $4 first row · $5 keys · $6 upstreams · $7 request id of the run · $8 how many
 * of the last still run · $9 keys' weight: 1 is even
 */
export const INSERT_TASKS = `
  with drawn as materialized (
    select g, ${SESSION('g')} as session, g % ${STEP_COUNT} as step,
      random() as fate, random() as why, random() as wait, sqrt(-2 * ln(1 - random())) * cos(6.2831853 * random()) as luck
    from generate_series(0, $1::integer - 1) g
  ), shaped as (
    select d.*, ${ID('d.g')} as id, ${SUBMITTED('d.g')} as at,
      (${list(STEPS)})[step + 1] as action,
      ($5::bigint[])[1 + floor(power(${SPREAD('session', '0.618033988749')}, $9::float8) * cardinality($5::bigint[]))::integer] as key_id,
      (array['FAST', 'FAST', 'FAST', 'RELAX', 'TURBO'])[1 + floor(${SPREAD('session', '0.754877666247')} * 5)::integer] as mode,
      ($6::bigint[])[1 + floor(power(${SPREAD('session', '0.569840290998')}, 1.6) * cardinality($6::bigint[]))::integer] as up_id,
      g >= $1 - $8::integer as runs
    from drawn d
  ), judged as (
    select *, case
        when runs then case when fate < 0.3 then 'SUBMITTED' else 'IN_PROGRESS' end
        when step = 0 or fate >= 0.055 then 'SUCCESS' when fate >= 0.045 then 'CANCEL' else 'FAILURE' end as status,
      not runs and step > 0 and fate < 0.012 as refused,
      0.4 + 3 * wait + case when mode = 'RELAX' then 40 * wait else 0 end as queued,
      case mode when 'TURBO' then 14 when 'FAST' then 38 else 160 end
        * case action when 'UPSCALE' then 0.3 when 'DESCRIBE' then 0.3 when 'VIDEO' then 3 else 1 end * exp(0.45 * luck) as took
    from shaped
  ), told as (
    select j.*, case
        when status = 'CANCEL' then 'cancelled'
        when refused then case when why < 0.4 then 'banned' else 'refused' end
        when status = 'FAILURE' then case when why < 0.55 then 'upstream_failed' when why < 0.75 then 'timeout'
          when why < 0.85 then 'queue_timeout' when why < 0.95 then 'outcome_unknown' else 'missing' end end as fail_code,
      (${list(SUBJECTS)})[1 + session % ${SUBJECTS.length}] || ', ' || (${list(STYLES)})[1 + (session + step) % ${STYLES.length}]
        || ', number ' || g || ' --ar 3:2' as text,
      coalesce(p.price, 0.1) as price
    from judged j left join price p on p.action = j.action and p.mode = j.mode
  ), timed as (
    select *, status in ('SUCCESS', 'FAILURE', 'CANCEL') as over,
      not refused and fail_code is distinct from 'queue_timeout' as begun,
      status = 'SUCCESS' and action <> 'DESCRIBE' as drew,
      case when fail_code = 'timeout' then 3600 else took end as ran
    from told)
  insert into task (id, api_key_id, action, mode, bot_type, status, progress, version, prompt, prompt_en, final_prompt,
    description, state, parent_id, custom_id, upstream_id, upstream_task_id, fail_code, fail_reason, refused, price, cost,
    is_counted, has_slot, notify_hook, base_url, request_id, submitted_at, started_at, finished_at, send_attempt, sent_at,
    polled_at, next_poll_at, buttons, message_id, image_url, picture_count, pictures_from)
  select id, key_id, action, mode, 'MID_JOURNEY', status, case when over then 100 when status = 'IN_PROGRESS' then 40 else 0 end,
    case when refused then 2 when status = 'SUCCESS' then 4 else 3 end, text, text, case when drew then text else '' end,
    '/' || lower(action) || ' ' || text, 'order ' || g,
    case when action = any(${list(FOLLOW_UPS)}) then ${ID(`(session * ${STEP_COUNT})`)} end,
    case when action = 'UPSCALE' then 'MJ::JOB::upsample::' || 1 + step % 4 || '::3f1b7c52-9e0d-4f6a-8f0a-1c2d3e4f5a6b' else '' end,
    up_id, case when begun then (id + 1)::text end, fail_code,
    case fail_code when 'banned' then 'Prompt may contain a sensitive word' when 'timeout' then 'The task took longer than it may'
      when 'queue_timeout' then 'No upstream became free in time' when 'cancelled' then '' else case when status = 'FAILURE' then 'The upstream failed' else '' end end,
    refused, price, case when status in ('FAILURE', 'CANCEL') then 0 else price end,
    runs, runs, case when session % 3 = 0 then 'https://hooks.example.com/mj' end, 'https://mj.example.com', $7,
    at, case when begun then date_trunc('milliseconds', ${LATER('at', 'queued')}) end,
    case when over then least(now(), date_trunc('milliseconds', ${LATER('at', '(case when refused then 0.2 else queued + ran end)')})) end,
    case when begun then 1 else 0 end, case when begun then date_trunc('milliseconds', ${LATER('at', '0.05')}) end,
    case when begun then at end, case when runs then now() + wait * interval '60 seconds' end,
    case when drew then '${BUTTONS}'::jsonb end, case when drew then (id + 2)::text end,
    case when drew then 'https://cdn.example.com/' || id || '.png' end,
    case when drew and action not in ('UPSCALE', 'VIDEO') then 4 else 0 end,
    case when drew and action not in ('UPSCALE', 'VIDEO') then 'crop' end
  from timed`;
