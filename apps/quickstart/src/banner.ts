import { LOOPBACK_EGRESS } from './child-environment.js';

/** What the person at the terminal is told once everything is up. */
export interface BannerFacts {
  /** Address on this machine, without a slash at the end. */
  url: string;
  /** Signs in to Studio once; undefined where the gateway gives none. */
  studioLink?: string;
  /** Undefined where the caller gave their own: a secret that we did not make is not printed. */
  apiKey?: string;
  adminKey?: string;
  webhookSecret?: string;
  /** URL of the embedded database; undefined where DATABASE_URL is given. */
  postgresUrl?: string;
  /** Undefined where UPSTREAM_URL is given. */
  simulatorUrl?: string;
  dataDir: string;
  /** Whether quickstart set them. */
  publicUrlSet: boolean;
  egressAllowSet: boolean;
}

/** The block that `npm start` prints when the gateway answers; a shell can run its commands as they stand. */
export function banner(facts: BannerFacts): string {
  const { url } = facts;
  const bearer = `-H ${facts.apiKey === undefined ? '"Authorization: Bearer $API_KEY"' : `'Authorization: Bearer ${facts.apiKey}'`}`;
  const rows: [string, string][] = [
    ...(facts.studioLink === undefined
      ? []
      : [
          ['Studio', facts.studioLink] as [string, string],
          ['', '(open it within ten minutes: it signs you in, once; another: npm run admin -- studio-link)'] as [
            string,
            string,
          ],
        ]),
    ['API and docs', `${url}/docs`],
    ['API key', facts.apiKey ?? 'the one in API_KEY'],
    ...(facts.webhookSecret === undefined
      ? []
      : [['Hook secret', `${facts.webhookSecret} (signs the hooks of that key)`] as [string, string]]),
    [
      'Admin key',
      `${facts.adminKey ?? 'the one in ADMIN_KEY'} (for ${url}/admin; on this machine: npm run admin -- --help)`,
    ],
    ['Database', `psql "${facts.postgresUrl ?? '$DATABASE_URL'}"`],
    [
      'Upstream',
      facts.simulatorUrl === undefined
        ? 'the one in UPSTREAM_URL'
        : `the built-in simulator at ${facts.simulatorUrl}; for a real one set UPSTREAM_URL`,
    ],
    ['Data', facts.dataDir],
    ...(facts.publicUrlSet ? [['Set for you', `PUBLIC_URL=${url}`] as [string, string]] : []),
    ...(facts.egressAllowSet
      ? [
          ['Set for you', `EGRESS_ALLOW=${LOOPBACK_EGRESS} (hooks and pictures may reach this machine)`] as [
            string,
            string,
          ],
        ]
      : []),
  ];
  return [
    '',
    'Journeyman is up.',
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(14)}${value}`),
    '',
    'Make the first picture (`result` in the answer is its id):',
    '',
    `  curl -s ${url}/mj/submit/imagine ${bearer} -H 'Content-Type: application/json' -d '{"prompt":"a lighthouse in a storm, oil on canvas"}'`,
    '',
    'See how it stands until it says SUCCESS, with the id in place of ID, and keep the picture:',
    '',
    `  curl -s ${url}/mj/task/ID/fetch ${bearer}`,
    `  curl -s ${url}/mj/image/ID -o first.png`,
    '',
    'Ctrl-C stops everything.',
    '',
    '',
  ].join('\n');
}
