/** What goes back over HTTP. A string body is sent as text, null as nothing at all. */
export interface Reply {
  readonly http: number;
  readonly body: unknown;
}

type Properties = Readonly<Record<string, unknown>>;

const envelope = (
  code: number,
  description: string,
  result: unknown,
  properties: Properties = {},
  http = 200,
): Reply => ({
  http,
  body: { code, description, result, properties },
});

/** The one account of this upstream, as clients see it. */
export const ACCOUNT = '1118138338562560102';
const account = { discordInstanceId: ACCOUNT, discordChannelId: ACCOUNT };

export const accepted = (id: string): Reply => envelope(1, '提交成功', id, account);
export const done = (result: unknown): Reply => envelope(1, '成功', result);
export const queued = (id: string, ahead: number): Reply =>
  envelope(22, `排队中，前面还有${ahead}个任务`, id, { numberOfQueues: ahead, ...account });
export const windowOpened = (id: string, finalPrompt: string): Reply =>
  envelope(21, 'Waiting for window confirm', id, { finalPrompt, remix: true, ...account });
export const exists = (id: string, status: string, imageUrl: string | null): Reply =>
  envelope(21, '任务已存在', id, { status, imageUrl });
export const invalid = (description: string): Reply => envelope(4, description, null);
export const failed = (description: string): Reply => envelope(9, description, null, { discordInstanceId: ACCOUNT });
export const noAccount = (): Reply => envelope(3, '无可用的账号实例', null);
export const queueFull = (): Reply => envelope(23, '队列已满，请稍后尝试', null, { discordInstanceId: ACCOUNT });
export const banned = (promptEn: string, bannedWord: string): Reply =>
  envelope(24, '可能包含敏感词', null, { promptEn, bannedWord });
/** A submit or a read names a task that is not here: HTTP 404 with a body. */
export const noSuchTask = (): Reply => envelope(3, '关联任务不存在或已失效', null, {}, 404);
/** The seed of a task that has no picture yet: the one validation error with an HTTP status of its own. */
export const notReady = (): Reply => envelope(4, '关联任务状态错误', null, {}, 400);
/** A saturated group, as a gateway in front of an upstream words it. */
export const saturated = (): Reply => ({
  http: 429,
  body: { description: '当前分组负载已饱和，请稍后再试，或升级账户以提升服务质量。', type: 'upstream_error', code: 30 },
});
/** A gateway that could not reach what is behind it. */
export const unreachable = (): Reply => ({
  http: 400,
  body: { description: 'do_request_failed ', type: 'upstream_error', code: 5 },
});

/** .NET ticks (100 ns since year 1) of a moment, as the second envelope stamps itself. */
const ticks = (now: Date): string => String(BigInt(now.getTime()) * 10_000n + 621_355_968_000_000_000n);

/** The other envelope: binding errors (HTTP 200) and crashes (HTTP 500). It has no `result`. */
export const outside = (message: string, now: Date, http = 200): Reply => ({
  http,
  body: { success: false, code: -1, message, timestamp: ticks(now) },
});
