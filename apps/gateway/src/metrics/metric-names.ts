/** What each metric of the gateway means and how it is divided. No label ever holds an id or a key. */
export const METRICS = {
  submits: {
    name: 'journeyman_submits_total',
    labels: ['code', 'action', 'mode'],
    about: 'Answered submits by code; action and mode are empty where the request did not come that far.',
  },
  finished: {
    name: 'journeyman_tasks_finished_total',
    labels: ['status', 'action', 'mode'],
    about: 'Tasks whose end this replica saved, refused ones left out.',
  },
  taskSeconds: {
    name: 'journeyman_task_seconds',
    labels: ['action', 'mode'],
    about: 'Seconds from submit to SUCCESS.',
  },
  pollLag: {
    name: 'journeyman_poll_lag_seconds',
    labels: [],
    about: 'How overdue the most overdue poll is; 0 when none is.',
  },
  waiting: {
    name: 'journeyman_tasks_waiting',
    labels: [],
    about: 'Tasks that wait for a free upstream.',
  },
  unknown: {
    name: 'journeyman_tasks_unknown',
    labels: [],
    about: 'Submits whose outcome is being looked up.',
  },
  sentAgain: {
    name: 'journeyman_tasks_sent_again_total',
    labels: ['why'],
    about: 'Tasks that this replica decided to send again: not_taken (their upstream proved so), failed (a retry).',
  },
  lateAcceptances: {
    name: 'journeyman_late_acceptances_total',
    labels: [],
    about: 'Submits that an upstream took after it was proven not to have, and the task had been sent again.',
  },
  hooksWaiting: {
    name: 'journeyman_hooks_waiting',
    labels: [],
    about: 'Hooks that are still to be delivered.',
  },
  hooksOldest: {
    name: 'journeyman_hooks_oldest_seconds',
    labels: [],
    about: 'How overdue the most overdue hook of an ended task is; 0 when none is.',
  },
  hookAttempts: {
    name: 'journeyman_hook_attempts_total',
    labels: ['class'],
    about: 'Tries of hooks by how they ended, as in hook_attempt.class.',
  },
  hookPlaces: {
    name: 'journeyman_hook_places',
    labels: ['state'],
    about:
      'Tries of hooks under way to receivers that answer promptly (prompt) and to others (unproven), free places, and claims without a place: ready ones and those whose receiver is being looked up (locating).',
  },
  upstreamUp: {
    name: 'journeyman_upstream_up',
    labels: ['upstream', 'kind'],
    about: '1: its circuit is closed; 0: it is open or half-open.',
  },
  upstreamRunning: {
    name: 'journeyman_upstream_running',
    labels: ['upstream'],
    about: 'Slots that tasks hold.',
  },
  upstreamSeconds: {
    name: 'journeyman_upstream_seconds',
    labels: ['upstream', 'kind', 'operation'],
    about: 'Seconds that calls to upstreams took, failed ones included.',
  },
  images: {
    name: 'journeyman_image_requests_total',
    labels: ['result'],
    about: 'Answered requests for pictures: kept (from the store), preview, not_modified, not_found, refused, failed.',
  },
  conversions: {
    name: 'journeyman_conversions_total',
    labels: ['result'],
    about: 'Conversions of pictures by how they ended: made, busy, too_large, late, unreadable, medium.',
  },
  conversionSeconds: {
    name: 'journeyman_conversion_seconds',
    labels: [],
    about: 'Seconds that conversions took, their wait in the queue counted in.',
  },
  conversionsNow: {
    name: 'journeyman_conversions',
    labels: ['state'],
    about: 'Conversions under way, and those that wait for a place.',
  },
  conversionMemory: {
    name: 'journeyman_conversion_memory_bytes',
    labels: ['state'],
    about: 'Memory that conversions under way may take (taken), and that all of them may take together (total).',
  },
  linkedFetches: {
    name: 'journeyman_linked_fetches',
    labels: [],
    about: 'Pictures that submits link to and that are being fetched now.',
  },
  linkedBytes: {
    name: 'journeyman_linked_bytes',
    labels: [],
    about: 'Memory that pictures fetched for submits under way hold.',
  },
  converters: {
    name: 'journeyman_converter_processes',
    labels: [],
    about: 'Processes in which pictures are converted; none while nothing is.',
  },
  storeWritable: {
    name: 'journeyman_picture_store_writable',
    labels: [],
    about: '1: pictures can be kept; 0: the store cannot be written to, and they are passed on from where they come.',
  },
  requestSeconds: {
    name: 'journeyman_http_request_seconds',
    labels: ['method', 'route', 'status'],
    about: 'Seconds that requests took, by route and class of the status; `abandoned`: the client went away first.',
  },
  shareUsed: {
    name: 'journeyman_share_used',
    labels: ['share'],
    about: 'How much requests hold now of what there is only so much of; 0 when nobody is here.',
  },
  shareLimit: {
    name: 'journeyman_share_limit',
    labels: ['share'],
    about: 'The most that requests may hold of it; left out where it has no limit of its own.',
  },
  connectionsCut: {
    name: 'journeyman_connections_cut_total',
    labels: ['reason'],
    about:
      'Connections cut: unread (their client takes too little), room (it takes nothing, and others came), deadline, pipelined, body, revoked.',
  },
  databaseUp: {
    name: 'journeyman_database_up',
    labels: [],
    about: '1: Postgres answered the questions of this scrape; 0: it did not, and their gauges are left out.',
  },
  connections: {
    name: 'journeyman_database_connections',
    labels: ['pool', 'state'],
    about: 'Connections to Postgres by pool: busy, idle, and callers that wait for one.',
  },
  permits: {
    name: 'journeyman_permits',
    labels: ['class', 'state'],
    about: 'Permits of reads: held, waited for, and all that there are (total).',
  },
  permitsRefused: {
    name: 'journeyman_permits_refused_total',
    labels: ['class', 'reason'],
    about:
      'Reads refused a permit: key (its share is at work), all (others hold all), gone (the client left while it waited).',
  },
  cancelled: {
    name: 'journeyman_database_cancelled_total',
    labels: [],
    about: 'Statements that Postgres ended because they took longer than they may; the log names them.',
  },
  clockSteps: {
    name: 'journeyman_clock_steps_total',
    labels: ['clock'],
    about: 'Times that a clock was set by a second or more: wall, that of this machine (or it slept), and database.',
  },
  wallAhead: {
    name: 'journeyman_clock_ahead_seconds',
    labels: [],
    about: "By how much this machine's clock is ahead of the database's; nothing depends on it.",
  },
} as const satisfies Record<string, { name: string; labels: readonly string[]; about: string }>;
