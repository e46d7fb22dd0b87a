import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { OutageLog } from '#libs/runtime';
import { networkOf } from '../http/limits/address-limiter.js';
import { MjError, SaturatedError } from '../http/errors/mj-error.js';
import type { RouteAccess } from '../http/routes/route-access.js';
import { SharedSemaphore, type Permit } from './shared-semaphore.js';
import type { ResourceGauges } from './resource-gauges.js';

export interface AdmissionLimits {
  /** Requests under way, long polls and streams among them: about 100 MB of them. */
  requests: number;
  requestsPerKey: number;
  /** Downloads of pictures, videos and documentation under way. */
  downloads: number;
  downloadsPerAddress: number;
}

/** Part of all requests that one address without a key may have under way: wrong keys, unknown paths, pushes. */
const STRANGERS_PART = 0.4;
const RETRY_SECONDS = 1;
/** Longest download, ms: a video of 200 MiB at 64 KiB a second. A longer one is cut. */
const DOWNLOAD_DEADLINE_MS = 60 * 60_000;
/** How long after its last refusal a replica reports itself overloaded, ms. */
const OVERLOADED_MS = 5_000;

/** `probe`: health and metrics, which are answered even under overload. */
type Kind = 'probe' | 'download' | 'request';

/**
 * Admission control: refuses requests while too many are under way, so that overload ends in error answers and not in a dead
 * process. Public downloads have a limit of their own, so that stalled ones take nothing from the API. Each address has a
 * quota of the downloads, and each key a quota of the API.
 */
export class Admission {
  private readonly requests: SharedSemaphore;
  private readonly downloads: SharedSemaphore;
  private readonly overload = outageLog('too many requests at once', 'request');
  private readonly crowd = outageLog('too many downloads at once', 'download');
  private refusedAt = -Infinity;

  constructor(
    private readonly limits: AdmissionLimits,
    gauges: ResourceGauges,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.requests = new SharedSemaphore(limits.requests, now);
    this.downloads = new SharedSemaphore(limits.downloads, now);
    gauges.add({ name: 'requests', limit: limits.requests, used: () => this.requests.used });
    gauges.add({ name: 'downloads', limit: limits.downloads, used: () => this.downloads.used });
  }

  /** Whether this replica refuses everybody, or did so just now. */
  get isOverloaded(): boolean {
    return this.now() - this.refusedAt < OVERLOADED_MS;
  }

  /** To be installed before any hook that does work. */
  install(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => {
      switch (kindOf(request)) {
        case 'probe':
          return done();
        case 'download':
          return done(this.admitDownload(request));
        case 'request':
          return done(this.admit(request));
      }
    });
  }

  /** Moves a request from its address's quota to its key's. To be installed after the key check. */
  installForKeys(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => {
      const { apiKey, life } = request;
      if (apiKey === null) return done();
      const quota = this.limits.requestsPerKey;
      const refusal = this.requests.move(life, { owner: `key ${apiKey.id}`, quota });
      done(refusal === null ? undefined : new SaturatedError(RETRY_SECONDS));
    });
  }

  private admit({ life, ip }: FastifyRequest): MjError | undefined {
    const quota = Math.ceil(this.limits.requests * STRANGERS_PART);
    switch (this.requests.acquire(life, ofAddress(ip, quota))) {
      case null:
        this.overload.worked();
        return undefined;
      case 'quota':
        return tooMany();
      case 'total':
        this.refusedAt = this.now();
        this.overload.failed(`more than ${this.limits.requests} under way`);
        return new MjError('overloaded', { retryAfter: RETRY_SECONDS });
    }
  }

  private admitDownload({ life, ip }: FastifyRequest): MjError | undefined {
    switch (this.downloads.acquire(life, ofAddress(ip, this.limits.downloadsPerAddress))) {
      case null: {
        this.crowd.worked();
        const timer = setTimeout(() => life.cut('deadline'), DOWNLOAD_DEADLINE_MS).unref();
        life.onEnd(() => clearTimeout(timer));
        return undefined;
      }
      case 'quota':
        return tooMany();
      case 'total':
        this.crowd.failed(`more than ${this.limits.downloads} under way`);
        return new MjError('overloaded', { retryAfter: RETRY_SECONDS });
    }
  }
}

function kindOf({ routeOptions, method }: FastifyRequest): Kind {
  const { url, config } = routeOptions;
  // Probes must tell a busy process from a dead one, and metrics are wanted most under overload.
  if (url !== undefined && (url.startsWith('/health/') || url === '/metrics')) return 'probe';
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && (config as RouteAccess | undefined)?.public === true ? 'download' : 'request';
}

function ofAddress(ip: string, quota: number): Permit {
  return { owner: networkOf(ip), quota };
}

function tooMany(): MjError {
  return new MjError('too_many_requests', { retryAfter: RETRY_SECONDS });
}

function outageLog(alarm: string, what: string): OutageLog {
  const log = new Logger('Http');
  return new OutageLog({
    began: (why) => log.error({ alarm, why }),
    ended: (seconds) => log.log(`no ${what} is turned away any more, after ${seconds} s`),
  });
}
