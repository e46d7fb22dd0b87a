import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How an upstream is reached, and whether it says that only its operator can help. */
export class ConfigureUpstreams1796000000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Without defaults, and read by nobody else: a gateway of the version before works on beside it.
    await runner.query(`
      alter table upstream
        add column proxy_url bytea,
        add column user_agent text,
        add column misconfigured text
          check (misconfigured in ('unauthorized', 'payment_required', 'forbidden', 'not_found', 'redirected'));
      comment on column upstream.proxy_url is
        'What every call to it leads through, with name and password, encrypted under SECRET_KEY; null: nothing.';
      comment on column upstream.user_agent is 'The User-Agent that it is called with; null: UPSTREAM_USER_AGENT.';
      comment on column upstream.misconfigured is
        'What it says of our account or address there, so that only its operator can help; null: nothing. With circuit_until later than now: it gets no new work until then, and its tasks are followed.';
      comment on column upstream_call.result is
        'Of submits the outcome: accepted, queued, window, exists, uploaded, full, nothing_done, banned, refused, unknown. Of others ok, or the class of the failure: connect, dns, tls, timeout, reset, status_4xx, status_5xx, unreadable, unexpected, unauthorized, payment_required, forbidden, not_found, redirected.';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table upstream drop column proxy_url, drop column user_agent, drop column misconfigured');
  }
}
