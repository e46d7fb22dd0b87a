import { Injectable } from '@nestjs/common';
import { UpstreamAdmin, type UnfitInput, type UpstreamState, type UpstreamTest } from '#libs/upstream';
import { Problem, wrongField } from '../../http/errors/problem.js';
import { AdminAudit } from '../admin-audit.js';
import type { AdminCall } from '../admin-call.js';
import { ListCursors, type Page } from '../list-cursor.js';
import { USUAL_PAGE } from '../list-query.dto.js';
import type { CreatedUpstreamDto } from './admin-upstream.dto.js';
import { UpstreamLoads, type UpstreamLoad } from './upstream-loads.js';
import type { CreateUpstreamDto, PatchUpstreamDto, UpstreamQuery } from './upstream-terms.dto.js';

const LIST = 'upstreams';
/** Somebody waits at a form for it. */
const LONGEST_TRIAL_MS = 10_000;

type LoadedUpstream = UpstreamState & UpstreamLoad;

/** Management of upstreams. */
@Injectable()
export class AdminUpstreamService {
  constructor(
    private readonly upstreams: UpstreamAdmin,
    private readonly loads: UpstreamLoads,
    private readonly audit: AdminAudit,
    private readonly cursors: ListCursors,
  ) {}

  /** All, retired ones included, oldest first. There are few, so a page is cut out of all. @throws Problem for a wrong cursor */
  async page({ limit = USUAL_PAGE, cursor }: UpstreamQuery): Promise<Page<LoadedUpstream>> {
    const after = BigInt(this.cursors.read(LIST, cursor)?.[0] ?? 0);
    const rest = (await this.upstreams.list()).filter(({ id }) => BigInt(id) > after);
    const page = this.cursors.page(LIST, rest, limit, ({ id }) => [id]);
    return { ...page, items: await this.loads.addTo(page.items) };
  }

  /** @throws Problem `not_found` */
  async find(id: string): Promise<LoadedUpstream> {
    const upstream = await this.upstreams.find(id);
    if (upstream === null) throw unknown();
    return this.loaded(upstream);
  }

  /** @throws Problem 400 for an address that is none and for what does not fit the kind, 409 for a name that is taken */
  async create(input: CreateUpstreamDto, call: AdminCall): Promise<CreatedUpstreamDto> {
    const created = await this.upstreams.create(input);
    switch (created.kind) {
      case 'created': {
        const { upstream, redirectsTo } = created;
        await this.audit.after(call, { target: `upstream:${upstream.id}`, detail: shown(input) });
        const loaded = await this.loaded(upstream);
        return redirectsTo === null ? loaded : { ...loaded, redirectsTo };
      }
      case 'name_taken':
        throw nameTaken();
      default:
        throw unfit(created);
    }
  }

  /** Asks an upstream that is not stored something harmless. @throws Problem 400 as `create` does */
  async tryOut(input: CreateUpstreamDto): Promise<UpstreamTest> {
    const tried = await this.upstreams.tryOut(input, LONGEST_TRIAL_MS);
    if (tried.kind !== 'tried') throw unfit(tried);
    return tried.test;
  }

  /** @throws Problem 400 for another address and for what does not fit the kind, 404 also for a retired one, 409 for a name that is taken */
  async change(id: string, patch: PatchUpstreamDto, call: AdminCall): Promise<LoadedUpstream> {
    const changed = await this.upstreams.change(upstreamId(id), patch);
    switch (changed.kind) {
      case 'changed':
        await this.audit.after(call, { target: `upstream:${id}`, detail: shown(patch) });
        return this.loaded(changed.upstream);
      case 'unknown':
        throw (await this.upstreams.find(id)) === null
          ? unknown()
          : new Problem('state_forbids', 'The upstream is retired');
      case 'name_taken':
        throw nameTaken();
      case 'proxy_invalid':
        throw proxyInvalid();
      case 'unfit':
        throw wrongField(changed.term.field, changed.term.needs);
      case 'address_fixed':
        throw wrongField('baseUrl', 'must stay: another address is another server, so retire this one and add that');
    }
  }

  /** Retires an upstream: it gets no new work, and its tasks are polled until they end. @throws Problem `not_found` */
  async retire(id: string, call: AdminCall): Promise<LoadedUpstream> {
    if (!(await this.upstreams.retire(upstreamId(id)))) throw unknown();
    await this.audit.after(call, { target: `upstream:${id}`, detail: {} });
    return this.find(id);
  }

  /** @throws Problem `not_found` */
  async test(id: string): Promise<UpstreamTest> {
    const result = await this.upstreams.test(upstreamId(id));
    if (result === null) throw unknown();
    return result;
  }

  private async loaded<Upstream extends UpstreamState>(upstream: Upstream): Promise<Upstream & UpstreamLoad> {
    const [loaded] = await this.loads.addTo([upstream]);
    return loaded;
  }
}

/** The request as the audit log may show it. */
function shown(terms: CreateUpstreamDto | PatchUpstreamDto): object {
  const { secret, proxyUrl, ...rest } = terms;
  const change = (name: string, value: string | null | undefined): object =>
    value === undefined ? {} : { [name]: value === null || value === '' ? 'removed' : 'set' };
  return { ...rest, ...change('secret', secret), ...change('proxyUrl', proxyUrl) };
}

function upstreamId(id: string): string {
  if (!/^\d{1,18}$/.test(id)) throw unknown();
  return id;
}

function unknown(): Problem {
  return new Problem('not_found', 'No such upstream');
}

function unfit(refused: UnfitInput): Problem {
  switch (refused.kind) {
    case 'proxy_invalid':
      return proxyInvalid();
    case 'unfit':
      return wrongField(refused.term.field, refused.term.needs);
    case 'address_invalid':
      return wrongField('baseUrl', 'must be an http or https URL without a name and password');
  }
}

function proxyInvalid(): Problem {
  return wrongField('proxyUrl', 'must be http://, https://, socks5:// or socks5h:// with a host, without a path');
}

function nameTaken(): Problem {
  return new Problem('name_is_taken', 'A live upstream has this name');
}
