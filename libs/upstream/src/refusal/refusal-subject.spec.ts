import { subjectOf, withoutAccountMatters } from './refusal-subject.js';

/** What a text is about, and how far it reaches. */
function about(words: string, own: string[] = [], names: string[] = []): string {
  const meaning = subjectOf({ words, names }, own);
  return meaning === null ? '-' : [meaning.subject, meaning.scope].filter((part) => part !== undefined).join(' ');
}

describe('texts about quota and balance', () => {
  it.each([
    'quota_not_enough',
    'quota_not_enough ',
    '用户额度不足, 剩余额度: ＄0.012345 (request id: 20260716110047784456)',
    '用户额度不足',
    '该令牌额度已用尽',
    '该令牌额度已用尽 TokenStatusExhausted[sk-abc***xyz]',
    '预扣费额度失败, 用户剩余额度: ＄0.056700, 需要预扣费额度: ＄0.069900',
    '令牌额度不足',
    '账户余额不足，请充值',
    '余额不足',
    '您的积分不足，请前往充值',
    '点数不足',
    '账号已欠费',
    '套餐已过期',
    '会员已到期，请续费',
    '用户今日绘图次数已达上限',
    '访客今日绘图次数已达上限',
    '总绘图次数已达上限',
    '算力余额不足',
    'token quota is not enough, token remain quota: ＄0.019310, need quota: ＄0.769410',
    'user quota is not enough',
    'user quota is not enough, user quota: 12, need quota: 500',
    'pre-consume quota failed, insufficient_user_quota',
    'pre_consume_token_quota_failed',
    'Insufficient balance',
    'insufficient account balance',
    'Insufficient credits. Please top up your account.',
    'You do not have enough credits: not enough credits',
    'You exceeded your current quota, please check your plan and billing details.',
    'Your credit balance is too low to access the API',
    'Billing hard limit has been reached',
    'Payment required',
    'Your account is past due',
    'Monthly quota exceeded',
    "You've reached your monthly limit",
    'Subscription required',
    'Your subscription has expired',
    'Plan cancelled',
    'You have run out of credits: out of credits',
    'Credits exhausted',
    'No fast hours left: no more fast hours',
    'Your fast hours are used up',
    'No_More_Relax_Credit',
    'Account_Fee_Not_Enough',
    'remaining balance: -3',
    '额度已经用完',
    '快速绘图时间不足',
    '资源包已用尽',
    '充值后再使用',
    '账户已透支',
    '用戶額度不足',
    '餘額不足',
    'Your account balance is negative',
    'Credit limit exceeded',
    'Quota limit reached',
    "You don't have enough credits",
    'You do not have enough credits to perform this action',
    'no credits left',
    'You have no remaining fast time',
    "You've run out of hours",
    'Please recharge',
    'Please purchase more credits',
  ])('%j', (words) => {
    expect(about(words)).toMatch(/^payment_required/);
  });
});

describe('texts about the key', () => {
  it.each([
    '未提供令牌',
    '无效的令牌',
    '该令牌已过期',
    '该令牌状态不可用',
    '令牌验证失败',
    '鉴权失败',
    '未授权，请先登录',
    'API Key 无效',
    'apikey错误',
    '密钥不正确',
    '签名错误',
    'Authorization header missing.',
    'Incorrect API key provided: sk-abc. You can find your API key in the dashboard.',
    'Invalid API key',
    'invalid api-key',
    'Invalid_App_Identifier',
    'api key is invalid',
    'API key not valid. Please pass a valid API key: api key not valid',
    'Unauthorized',
    '401 Unauthorized',
    'HTTP 401: Unauthorized.',
    'Invalid token',
    'Invalid token (request id: 2026)',
    'Missing authentication token',
    'Authentication failed',
    'You are not authenticated',
    'Your access token expired: access token is expired',
    'token has expired',
    'wrong mj-api-secret',
    '无效的API密钥',
    '无效的访问令牌',
    '无效的 Token',
    '無效的令牌',
    '认证信息无效',
    '未经授权',
    '请重新登录',
    'mj-api-secret 错误',
    'Token is invalid',
    'Token not found',
    'The token status is unavailable',
    'Bad credentials',
    'Invalid access key',
    'Invalid key',
    'API key does not exist',
    'The api key you provided is invalid',
    'Signature mismatch',
    'Session expired',
    'Auth failed',
    'Not logged in',
    'Unauthorized access',
  ])('%j', (words) => {
    expect(about(words)).toBe('unauthorized upstream');
  });
});

describe('texts about a ban', () => {
  it.each([
    '账号已禁用',
    '用户已被封禁',
    '用户已被禁用',
    '账号已被临时封锁，请勿使用违规词作图',
    '您的账号目前处于冻结',
    '该账户已被管理员停用',
    '账号 17 已被封禁',
    'Your account has been temporarily blocked',
    'This account has been deactivated',
    'The user is banned',
    'Your organization has been disabled.',
    'Your account has been suspended for violating our terms',
    'You have been blocked from using Midjourney',
    'You have been banned for violating the community guidelines',
    'Pending mod message',
    'Action needed to continue',
    '账号被封',
    '您的账号已被封',
    '账号封禁中',
    '您的帳號已被封禁',
    '帳號已停用',
    'Account suspended',
    'Account banned: contact support',
    'User disabled',
  ])('%j', (words) => {
    expect(about(words)).toBe('forbidden upstream');
  });
});

describe('texts about the plan, the model, the channel and the address', () => {
  it.each([
    ['该令牌无权访问模型 mj_imagine', 'forbidden work'],
    ['您没有权限使用该模型', 'forbidden work'],
    ['No permission for this model', 'forbidden work'],
    ['You do not have access to this model', 'forbidden work'],
    ['no access to model', 'forbidden work'],
    ['The model `mj_video` does not exist or you do not have access to it', 'forbidden work'],
    ['模型 mj_blend 的价格未配置', 'forbidden work'],
    ['model mj_blend ratio or price not set', 'forbidden work'],
    ['视频功能未启用', 'forbidden work'],
    ['访客绘图功能未开启', 'forbidden work'],
    ['账号无权限', 'forbidden work'],
    ['当前账号不支持 remix，请开启 remix 功能', 'forbidden work'],
    ['当前账号不支持编辑/重绘任务', 'forbidden work'],
    ['未开启 REMIX，无法使用视频扩展功能', 'forbidden work'],
    ['禁止上传', 'forbidden work'],
    ['请升级套餐', 'forbidden work'],
    ['Permission_Denied', 'forbidden work'],
    ['Permission denied', 'forbidden work'],
    ['Access denied', 'forbidden work'],
    ['Forbidden', 'forbidden work'],
    ['403 Forbidden', 'forbidden work'],
    ['Please upgrade your plan', 'forbidden work'],
    ['Your plan does not include video', 'forbidden work'],
    ['This is not available on your current plan', 'forbidden work'],
    ['whitelisted accounts only', 'forbidden work'],
    ['Insufficient permissions', 'forbidden work'],
    ['该渠道已被禁用', 'forbidden upstream'],
    ['The channel has been disabled', 'forbidden upstream'],
    ['channel 12 is disabled', 'forbidden upstream'],
    ['分组 vip 已被弃用', 'forbidden upstream'],
    ['无权访问 vip 分组', 'forbidden upstream'],
    ['普通用户不支持指定渠道', 'forbidden upstream'],
    ['您的 IP 不在令牌允许访问的列表中', 'forbidden upstream'],
    ['Your IP address is not in the whitelist: ip address not in', 'forbidden upstream'],
    ['Country, region, or territory not supported', 'forbidden upstream'],
    ['该任务所属渠道已被禁用', 'forbidden task'],
    ['Invalid URL (POST /mj/submit/imagine)', 'not_found work'],
    ['Cannot POST /mj/submit/imagine', 'not_found work'],
    ['Not Found', 'not_found work'],
    ['404 not found', 'not_found work'],
    ['The requested resource was not found', 'not_found work'],
    ['接口不存在', 'not_found work'],
    ['该模型暂未开放', 'forbidden work'],
    ['模型 mj_imagine 未对您开放', 'forbidden work'],
    ['暂不支持此模型', 'forbidden work'],
    ['Unsupported model', 'forbidden work'],
    ['turbo模式不可用', 'forbidden work'],
    ['不支持turbo模式', 'forbidden work'],
    ['您的套餐不支持该功能', 'forbidden work'],
    ['您的订阅计划不包含 turbo', 'forbidden work'],
    ['您没有访问权限', 'forbidden work'],
    ['没有操作权限', 'forbidden work'],
    ['访问被拒绝', 'forbidden work'],
    ['无权访问', 'forbidden work'],
    ['權限不足', 'forbidden work'],
    ['Access forbidden', 'forbidden work'],
    ['该渠道不可用', 'forbidden upstream'],
    ['分组不存在', 'forbidden upstream'],
    ['group default is not permitted', 'forbidden upstream'],
  ])('%j: %s', (words, expected) => {
    expect(about(words)).toBe(expected);
  });
});

describe('texts about the client that sound like the account', () => {
  it.each([
    ['可能包含敏感词', 'content'],
    ['提示词包含违禁词，请修改', 'content'],
    ['您的提示词违规，多次违规账号将被封禁', 'content'],
    ['内容违规，继续提交可能导致账号被封禁', 'content'],
    ['内容审核未通过，积分已退还', 'content'],
    ['图片审核失败', 'content'],
    ['Banned prompt detected', 'content'],
    ['[Banned prompt detected] The word `unauthorized` is banned', 'content'],
    ['The word "account" is banned', 'content'],
    ['Your prompt was rejected by our safety system. Your account may be suspended.', 'content'],
    ['This violates our community standards; repeated violations will get your account banned', 'content'],
    ['Prompt blocked: continued misuse may result in your account being suspended', 'content'],
    ['Sorry! Our AI moderator thinks this prompt is probably against our community standards', 'content'],
    ['The image contains forbidden content', 'content'],
    ['content_policy_violation: access denied', 'content'],
    ['Content blocked. Remaining credits: 12', 'content'],
    ['Invalid parameter: `--forbidden`', 'input'],
    ['Unrecognized parameter(s): `--unauthorized`', 'input'],
    ['model version 9 is not supported', 'input'],
    ['Invalid aspect ratio', 'input'],
    ['Failed to download image: 403 Forbidden', 'input'],
    ['image url returned 404 not found', 'input'],
    ['Could not fetch the image: access denied', 'input'],
    ['图片下载失败: 403', 'input'],
    ['链接已失效', 'input'],
    ['base64格式错误', 'input'],
    ['参数错误', 'input'],
    ['prompt不能为空', 'input'],
    ['too many tokens in the prompt', 'input'],
    ['关联任务不存在或已失效', 'parent'],
    ['任务不存在', 'parent'],
    ['task_not_found', 'parent'],
    ['task_no_found ', 'parent'],
    ['The parent task was not found', 'parent'],
    ['job 66f0 has expired', 'parent'],
    ['该任务不存在', 'parent'],
    ['当前分组负载已饱和，请稍后再试，或升级账户以提升服务质量。', 'full'],
    ['Rate limit reached for requests per minute. Please add a payment method to your account', 'full'],
    ['Too many concurrent requests', 'full'],
    ['请求过于频繁', 'full'],
    ['无可用的账号实例', 'no_account'],
    ['当前分组 default 下对于模型 mj_imagine 无可用渠道（distributor）', 'no_account'],
    ['No available channel for model mj_imagine under group vip (distributor)', 'no_account'],
    ['账号不可用: 1234', 'no_account'],
    ['您的提示词中包含不允许的内容', 'content'],
    ['提示词包含禁止使用的词汇', 'content'],
    ['文本内容不合规', 'content'],
    ['检测到违反社区准则的内容', 'content'],
    ['包含非法内容', 'content'],
    ['含有禁词', 'content'],
    ['内容审查不通过', 'content'],
    ['违反使用政策', 'content'],
    ['内容被屏蔽', 'content'],
    ['違禁詞', 'content'],
    ['內容違規', 'content'],
    ['涉及版权', 'content'],
    ['Explicit content detected', 'content'],
    ['Not allowed content', 'content'],
    ['blocked by our filters', 'content'],
    ['Your prompt was filtered', 'content'],
    ['Do not use user banned words', 'content'],
    ['系统繁忙，请稍后再试', 'full'],
    ['任务过多，请稍后', 'full'],
    ['当前任务数已达上限', 'full'],
    ['访问过于频繁', 'full'],
    ['当前负载过高', 'full'],
    ['當前負載已飽和', 'full'],
    ['并发已满', 'full'],
    ['Server is busy, try again later', 'full'],
    ['The engine is currently overloaded', 'full'],
    ['Concurrency exceeded', 'full'],
    ['All accounts are busy', 'full'],
    ['消息已过期', 'parent'],
    ['任务ID不存在', 'parent'],
    ['任務不存在', 'parent'],
    ['原图不存在', 'parent'],
    ['无可用账户', 'no_account'],
    ['无可用通道', 'no_account'],
    ['可用的账号实例不存在', 'no_account'],
    ['账号池为空', 'no_account'],
    ['No account available', 'no_account'],
    ['no instances available', 'no_account'],
    ['a busy model of a harbour', '-'],
    ['the key to the gate was not found by the knight', '-'],
    ['He has no time left', '-'],
    ['该模型不支持参数 seed', '-'],
    ['关闭', '-'],
    ['提交失败，系统异常', '-'],
    ['关联任务状态错误', '-'],
    ['服务不可用', '-'],
    ['Please describe a balance beam gymnast', '-'],
    ['something went wrong', '-'],
    ['', '-'],
  ])('%j: %s', (words, expected) => {
    expect(about(words)).toBe(expected);
  });
});

describe('a text that quotes the prompt', () => {
  const prompt =
    'a poster that reads "Insufficient  balance: your account has been suspended", quota exceeded, 余额不足 $1.50';

  it('does not match in quotations of the client', () => {
    expect(about(`Invalid request near: ${prompt}`, [prompt])).toBe('-');
    expect(about(`cannot parse "insufficient balance: your account has been suspended"`, [prompt])).toBe('-');
    expect(about('无法解析 余额不足', [prompt])).toBe('-');
    expect(about('bad price $1.50', [prompt])).toBe('-');
  });

  it('matches in the text beside a quotation', () => {
    expect(about(`用户额度不足, prompt: ${prompt}`, [prompt])).toBe('payment_required upstream');
    expect(about('The community guidelines poster: 无效的令牌', ['The community guidelines poster'])).toBe(
      'unauthorized upstream',
    );
    expect(about(`${prompt} contains a sensitive word`, [prompt])).toBe('content');
  });

  it('is read like others where it has no quotation', () => {
    expect(about('Insufficient balance')).toBe('payment_required upstream');
  });
});

describe('the name of an error', () => {
  it.each([
    ['insufficient_user_quota', 'x', 'payment_required upstream'],
    ['content_policy_violation', 'your account has been suspended', 'content'],
    ['rate_limit_error', 'x', 'full'],
    ['Authentication_Error', 'x', 'unauthorized upstream'],
    ['model_not_found', 'No available channel for model mj under group a', 'no_account'],
    ['new_api_error', 'x', '-'],
  ])('%s beside %j: %s', (name, words, expected) => {
    expect(about(words, [], [name])).toBe(expected);
  });
});

describe('the words that clients may see', () => {
  it.each([
    ['用户额度不足, 剩余额度: ＄0.012345', ''],
    ['Invalid API key sk-abc', ''],
    ['当前分组 vip 下对于模型 mj_imagine 无可用渠道（distributor）', ''],
    ['Failed. No available account.', ''],
    ['可能包含敏感词。无可用的账号实例', '可能包含敏感词。'],
    [
      'Banned prompt detected. Your remaining credits: 12. Please rephrase.',
      'Banned prompt detected. Please rephrase.',
    ],
    ['可能包含敏感词。剩余额度: ＄0.012345', '可能包含敏感词。'],
    ['Version 5.2 of the model failed. Try again.', 'Version 5.2 of the model failed. Try again.'],
    ['plain', 'plain'],
    ['', ''],
  ])('of %j: %j', (words, shown) => {
    expect(withoutAccountMatters({ words, names: [] }, [])).toBe(shown);
  });

  it.each([
    ['Job failed (account mj_9912)', 'Job failed'],
    ['Generation failed on account mj_9912. Try again.', 'Generation failed on . Try again.'],
    ['channel #12: generation failed', ': generation failed'],
    ['Failed, instanceId: 1118138338562560102', 'Failed,'],
    ['Failed, account: robert', 'Failed,'],
    ['Failed with key sk-abc***xyz', 'Failed with key'],
    ['账号 mj_9912 生成失败', '生成失败'],
    ['生成失败（渠道：vip-3）', '生成失败'],
    ['The word AK-47 is banned', 'The word AK-47 is banned'],
    ['The bank account of a king could not be drawn', 'The bank account of a king could not be drawn'],
  ])('name no account, channel or key: %j: %j', (words, shown) => {
    expect(withoutAccountMatters({ words, names: [] }, [])).toBe(shown);
  });

  it('keep names that the client wrote', () => {
    const words = 'Cannot draw "node 12"';
    expect(withoutAccountMatters({ words, names: [] }, ['a sign that reads Node 12'])).toBe(words);
  });

  it.each(['ask support@legnext.ai', 'ask ali.youchuan.cn', 'ask node-3.apimart.ai:443'])(
    'keep no rest of an address of a vendor: %s',
    (words) => {
      expect(withoutAccountMatters({ words, names: [] }, [])).toMatch(/^ask(?: ?:443)?$/);
    },
  );

  it.each(['Youchuan', '悠船', 'LegNext', 'Leg Next', 'APIMart'])('names no vendor: %s', (name) => {
    expect(withoutAccountMatters({ words: `${name}: bad ratio`, names: [] }, [])).toBe(': bad ratio');
  });
});
