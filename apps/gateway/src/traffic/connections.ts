import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerFactory } from 'fastify';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Connection, type RequestHandler } from './connection.js';
import type { CutReason, RequestLife } from './request-life.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Ends when the request is answered or its connection gone. */
    life: RequestLife;
  }
}

/** How often the read rate of every client is checked, ms. */
const LOOK_MS = 1_000;

/** Every connection of the server, and the lives of the requests on them. */
export class Connections {
  /** Most pipelined requests that wait on all connections together, some 3 KiB each. A connection that adds more is cut. */
  static readonly mostWaiting = 20_000;

  /** Most connections that are open at a time. */
  most = Infinity;

  private readonly open = new Map<Socket, Connection | null>();
  private readonly lives = new WeakMap<IncomingMessage, RequestLife>();
  private readonly observers: RequestObserver[] = [];
  private requests = 0;
  private waitingRequests = 0;
  private isClosing = false;
  private readonly cutListeners: ((reason: CutReason) => void)[] = [];

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Connections that are open. */
  get size(): number {
    return this.open.size;
  }

  /** Requests that are being handled or answered. */
  get underWay(): number {
    return this.requests;
  }

  /** Pipelined requests that wait for those before them. */
  get waiting(): number {
    return this.waitingRequests;
  }

  /** For Fastify's option of that name. */
  get serverFactory(): FastifyServerFactory {
    return (handle, options) => this.serve(handle, options);
  }

  /** Makes the server whose connections these are. */
  serve(handle: RequestHandler, settings: ServerSettings): Server {
    const { http: options = {}, keepAliveTimeout = 0, requestTimeout = 0, connectionTimeout = 0 } = settings;
    const server = createServer(options);
    Object.assign(server, { keepAliveTimeout, requestTimeout });
    server.setTimeout(connectionTimeout);
    server.on('connection', (socket) => this.add(socket));
    server.on('request', (request, response) => this.take(request, response, handle));
    const timer = setInterval(() => this.look(), LOOK_MS).unref();
    server.on('close', () => clearInterval(timer));
    return server;
  }

  /** Gives every request of a Fastify its life, and closes idle connections when the server closes. */
  install(fastify: FastifyInstance): void {
    fastify.decorateRequest('life');
    fastify.addHook('onRequest', (request, reply, done) => {
      request.life = this.lifeOf(request.raw);
      request.life.onEnd(() => this.closeIdle(fastify));
      for (const observe of this.observers) observe(request, reply);
      done();
    });
    fastify.addHook('preClose', (done) => {
      this.isClosing = true;
      // Node does not count a connection as idle that never carried a request; browsers open such ahead of time.
      for (const socket of this.open.keys()) if (socket.bytesRead === 0) socket.destroy();
      done();
    });
  }

  /** Shows every request that a route could be looked for to `observe`, before anything can refuse it. */
  observe(observe: RequestObserver): void {
    this.observers.push(observe);
  }

  /** Tells of connections that are cut. */
  onCut(listen: (reason: CutReason) => void): void {
    this.cutListeners.push(listen);
  }

  /** Cuts clients that do not take their answers. */
  look(): void {
    const now = this.now();
    for (const connection of this.open.values()) connection?.look(now);
  }

  /** @throws Error for a request that came on no connection of this server */
  lifeOf(request: IncomingMessage): RequestLife {
    const life = this.lives.get(request);
    if (life === undefined) throw new Error('a request without a life');
    return life;
  }

  /** Writes a whole answer on a connection, behind those that are still to come, and ends it. */
  endWith(socket: Socket, answer: string): void {
    const connection = this.open.get(socket);
    if (connection !== undefined && connection !== null) return connection.endWith(answer);
    if (socket.writable) socket.write(answer);
    socket.destroySoon();
  }

  private add(socket: Socket): void {
    // The address is read at once: the system forgets it when the connection is reset.
    if (socket.remoteAddress === undefined) return void socket.destroy();
    if (this.open.size >= this.most && !this.closeIdlest()) return void socket.destroy();
    this.open.set(socket, null);
    socket.once('close', () => this.open.delete(socket));
  }

  private take(request: IncomingMessage, response: ServerResponse, handle: RequestHandler): void {
    const { socket } = request;
    const connection = this.open.get(socket) ?? this.track(socket);
    connection.take(request, response, handle);
    if (this.waitingRequests > Connections.mostWaiting) connection.cut('pipelined');
  }

  /** Closes the oldest idle connection, to make room for a new one. */
  private closeIdlest(): boolean {
    for (const [socket, connection] of this.open) {
      if (connection?.isIdle === false) continue;
      this.open.delete(socket);
      socket.destroy();
      return true;
    }
    return false;
  }

  /** Connections that never carry a request are not worth an object. */
  private track(socket: Socket): Connection {
    const connection = new Connection(socket, this.lives, {
      began: (life) => this.began(life),
      waiting: (change) => (this.waitingRequests += change),
      cut: (reason) => this.cutListeners.forEach((listen) => listen(reason)),
    });
    this.open.set(socket, connection);
    return connection;
  }

  private began(life: RequestLife): void {
    this.requests += 1;
    life.onEnd(() => (this.requests -= 1));
  }

  /** Closes a connection that becomes idle during shutdown: it would stay open for the whole keep-alive time. */
  private closeIdle(fastify: FastifyInstance): void {
    // It counts as idle only after this turn.
    if (this.isClosing) setImmediate(() => fastify.server.closeIdleConnections());
  }
}

export type RequestObserver = (request: FastifyRequest, reply: FastifyReply) => void;

/** What Fastify's options say of its server; its own types leave out the half of it. Times in ms, 0: none. */
export interface ServerSettings {
  http?: ServerOptions;
  keepAliveTimeout?: number;
  requestTimeout?: number;
  connectionTimeout?: number;
}
