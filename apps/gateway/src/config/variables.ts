import { UPSTREAM_KINDS, USUAL_KIND } from '#libs/upstream';
import { USER_AGENT } from '../version.js';
import {
  cidrs,
  flag,
  headerSecret,
  headerText,
  hostRewrites,
  integer,
  key,
  mode,
  msByMode,
  oneOf,
  pictureStore,
  proxyUrl,
  seconds,
  text,
  url,
  webhookSecret,
} from './variable.js';

/** Fewest characters of a key: so many cannot be guessed over HTTP, even of letters alone. */
const LEAST_KEY_CHARS = 16;

/** Every environment variable of the gateway, declared once: name, type, default and meaning. */
export const VARIABLES = {
  PORT: integer('Port of the gateway', 8080, 0, 65_535),
  HOST: text('Address it listens on (0.0.0.0 in the image)', '127.0.0.1'),
  PUBLIC_URL: url('Base of the links that clients get; without it they follow the request', ['http', 'https']),
  TRUST_PROXY: cidrs('Proxies whose `X-Forwarded-*` and `Forwarded` headers count'),
  DATABASE_URL: url('Postgres 15 or newer; `npm start` brings its own when there is none', ['postgres', 'postgresql']),
  DATA_DIR: text('Kept pictures, and what `npm start` makes', './.data'),
  SECRET_KEY: key('32 bytes in base64: encrypts stored secrets; `npm start` makes one'),
  UPSTREAM_URL: url('The upstream, without the path of its kind (/mj); `npm start` brings a simulator', [
    'http',
    'https',
  ]),
  UPSTREAM_KIND: oneOf(
    `Its kind: ${UPSTREAM_KINDS.map((kind) => `\`${kind}\``).join(', ')}; the first is every server that speaks /mj`,
    USUAL_KIND,
    UPSTREAM_KINDS,
  ),
  UPSTREAM_SECRET: text('Its key (`mj-api-secret`); of two parts: `<app>|<secret>`', null),
  UPSTREAM_USER_AGENT: headerText(
    'What upstreams and their pictures are asked with, unless an upstream has its own',
    USER_AGENT,
  ),
  PICTURE_PROXY_URL: proxyUrl(
    'What pictures elsewhere than at their upstream are fetched through (`http://`, `https://`, `socks5://`, `socks5h://`)',
  ),
  PICTURE_HOST_REWRITE: hostRewrites(
    'Hosts that pictures are fetched from instead of those in their links, as `cdn.discordapp.com=mirror.example:8443`, comma-separated',
  ),
  UPSTREAM_MAX_CONCURRENT: integer('Tasks it runs at once', 12, 1, 10_000),
  API_KEY: headerSecret('A key with no limits, of 16 characters at least; `npm start` makes one', LEAST_KEY_CHARS),
  ADMIN_KEY: headerSecret(
    'Opens /admin/**, which is 404 without it; 16 characters at least; `npm start` makes one',
    LEAST_KEY_CHARS,
  ),
  WEBHOOK_SECRET: webhookSecret('`whsec_…` that signs the hooks of `API_KEY`; one is made without it'),
  ANONYMOUS: flag('true: a request without any key counts as `API_KEY`', false),
  DEFAULT_MODE: mode('Mode of a submit that names none', 'FAST'),
  SUBMIT_CODES: oneOf('`raw`: codes 21 and 22 are not rewritten to 1', 'rewritten', ['rewritten', 'raw']),
  PROMPT_EXPANSION: oneOf(
    'What becomes of prompts that are several jobs (`{a, b}`, `--repeat`): `expand` makes a task of each, `refuse`, or `pass` sends them as they are, at the price of all',
    'expand',
    ['expand', 'refuse', 'pass'],
  ),
  QUEUE_LIMIT: integer('Waiting tasks of one key', 1_000, 0, 1_000_000),
  READS_PER_MINUTE: integer('Requests of one key in a minute besides submits; 0: no limit', 600_000, 0, 1_000_000_000),
  QUEUE_TIMEOUT_MS: integer('Longest wait for a free upstream', 21_600_000, 1_000, 604_800_000),
  EGRESS_ALLOW: cidrs('Address ranges that hooks and pictures may reach besides public ones'),
  SUBMIT_TIMEOUT_MS: integer('Longest wait for the answer to a submit', 30_000, 100, 300_000),
  SUBMIT_SETTLE_MS: integer('How long after that its outcome may stay unknown', 60_000, 1_000, 3_600_000),
  SUBMIT_RESENDS: integer(
    'How often a submit is sent again that its upstream is proven not to have taken; 0: never',
    3,
    0,
    3,
  ),
  POLL_MIN_MS: integer('Shortest distance of two polls of a task', 2_000, 50, 60_000),
  TASK_TIMEOUT_MS: msByMode('Longest life of a task with its upstream', {
    TURBO: 1_200_000,
    FAST: 3_600_000,
    RELAX: 14_400_000,
  }),
  MISSING_AFTER_MS: integer('How long an upstream may leave a task out of its answers', 600_000, 1_000, 86_400_000),
  HOOK_RETRY_SCHEDULE: seconds(
    'Pauses between tries of a terminal hook, seconds',
    [5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 36_000],
  ),
  HOOK_CONCURRENCY: integer(
    'Hooks that are being sent at once by one replica, shared by key and address',
    192,
    1,
    10_000,
  ),
  HOOK_CONCURRENCY_PER_HOST: integer('Of them to one host and port, for one key', 8, 1, 1_000),
  IMAGE_STORE: pictureStore('`disk` (below DATA_DIR) or `s3://bucket/prefix` with the usual AWS variables'),
  IMAGE_LINKS: oneOf('`signed`: links to pictures carry `?s=`, and none is shown without it', 'open', [
    'open',
    'signed',
  ]),
  LINK_ENDINGS: flag(
    'true: links to pictures and films end in `.png`, `.mp4`, …, for programs that go by it; either form works always',
    false,
  ),
  AWS_ENDPOINT_URL: url('Address of an S3-compatible store that is not AWS', ['http', 'https']),
  CONVERSION_MEMORY_MB: integer('Memory that converting pictures may take, MiB', 320, 64, 65_536),
  CONVERSION_TIMEOUT_MS: integer('Longest conversion of a picture', 20_000, 1_000, 120_000),
  KEEP_PICTURES_DAYS: integer('Pictures older than so many days are deleted; 0: never', 0, 0, 36_500),
  STUDIO: oneOf('`off`: the gateway serves no Studio, and nobody can sign in to it', 'on', ['on', 'off']),
  REPORT_TIMEOUT_MS: integer('Longest transaction of a login for reports; 0: no limit', 120_000, 0, 86_400_000),
  STUDIO_SQL: oneOf('`off`: no free SQL over schema `report` by /admin/sql; questions stay', 'on', ['on', 'off']),
  STUDIO_SQL_URL: url('Login for free SQL, where the gateway may make none (`npm run reporter`)', [
    'postgres',
    'postgresql',
  ]),
  MAX_REQUESTS: integer(
    'Requests under way in one replica, long polls and event streams among them',
    5_000,
    10,
    1_000_000,
  ),
  MAX_CONNECTIONS: integer(
    'Connections of clients to one replica; beyond, the one that is idle longest makes room',
    10_000,
    16,
    1_000_000,
  ),
  MAX_DOWNLOADS: integer('Downloads of pictures and videos under way in one replica', 512, 1, 100_000),
  MAX_DOWNLOADS_PER_ADDRESS: integer('Of them to one address', 128, 1, 100_000),
  UPLOAD_MEMORY_MB: integer('Memory that bodies of requests may take, MiB', 256, 64, 65_536),
  METRICS_OPEN: flag('true: /metrics asks for no key', false),
  ROLE: oneOf('`api` serves requests, `worker` polls and calls hooks', 'all', ['all', 'api', 'worker']),
  LOG_LEVEL: oneOf('fatal, error, warn, info, debug or trace', 'info', [
    'fatal',
    'error',
    'warn',
    'info',
    'debug',
    'trace',
  ]),
} as const;

/** Variables that only `npm start`, or the start itself, sets; not for operators. */
export const INTERNAL_VARIABLES = {
  HOLD_DATABASE: flag('Whether the connections to Postgres are opened at the start and held', false),
  KEEP_CONNECTIONS: flag('Whether connections to upstreams, receivers and origins are kept for the next call', true),
  UPSTREAM_CALLS: integer('Calls to upstreams at a time', 8_192, 32, 65_536),
  QUICKSTART_SIMULATOR_URL: url('Address of the simulator that runs beside it', ['http']),
  QUICKSTART_SIMULATOR_SECRET: text('Its secret', null),
} as const;
