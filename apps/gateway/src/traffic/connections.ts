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

/** How often it is seen whether clients take their answers. */
const LOOK_MS = 1_000;

/** Every connection of the server, and the lives of the requests on them. */
export class Connections {
  /** Pipelined requests that wait on all connections together, some 3 KiB each. A connection that adds to more is cut. */
  static readonly mostWaiting = 20_000;

  /** More are not open at a time. */
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

  /** Requests that are worked on, or whose answer is on its way. */
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

  /** Gives every request of a Fastify its life, and has no connection outlive the server for nothing. */
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
      // Node does not count as idle what never carried a request; a browser opens such ahead of time.
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
    // Asked for now: later the system does not know any more who a connection that was reset came from.
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

  /** Makes room for one more: of the connections that carry no request the one goes that came first. */
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

  /** An answer that was under way when closing began leaves its connection idle for the whole keep-alive time. */
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
