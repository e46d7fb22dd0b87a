import type { Pattern } from './refusal-pattern.js';

// Where texts were seen: [N] novicezk/midjourney-proxy, [T] trueai-org, [A] new-api and one-api, [M] Midjourney's own embeds (in
// failReason), [O] OpenAI and what looks like it, [V] vendors.

/** The account is banned. Moderation threatens with bans, so texts that only threaten do not match. */
export const BANS: readonly Pattern[] = [
  // [O] [M] "Your account has been temporarily blocked"
  {
    subject: 'forbidden',
    scope: 'upstream',
    says: [
      /(?<!\b(?:may|might|could|can|will|would|shall|result in|lead to|risk|risks|if|unless|until|before|avoid|or|get|have)\b[^.\n]{0,40})(?:account|user|organi[sz]ation|project|workspace|api key|key|token) (?:(?:has been|have been|was|is|are|is currently|has) )?(?:temporarily |permanently |automatically )?(?:banned|suspended|disabled|deactivated|blocked|locked|frozen|restricted|terminated|closed)(?! (?:words?|phrases?|terms?|content|prompts?))/giu,
    ],
  },
  // [M]
  {
    subject: 'forbidden',
    scope: 'upstream',
    says: [
      /(?<!\bif )you (?:have been|are|were) (?:temporarily |permanently )?(?:banned|blocked|suspended)(?! (?:word|phrase|prompt))/giu,
    ],
  },
  // [A] 用户已被封禁 [T] 账号已禁用; 账号已被临时封锁，请勿使用违规词作图
  {
    subject: 'forbidden',
    scope: 'upstream',
    says: [
      /(?<!(?:可能|导致|造成|以免|否则|避免|防止|将|会)[^，。,.\n]{0,12})(?:账号|账户|帐号|帐户|用户|租户|令牌|密钥)[\w：: -]{0,24}(?:目前|当前|现|状态)?(?:(?:已被|被|已|处于)(?:临时|永久|管理员|系统)?(?:封|禁用|冻结|停用|停封|注销|锁定|拉黑|限制使用)|封禁中|停用中)/giu,
    ],
  },
  // [M]
  {
    subject: 'forbidden',
    scope: 'upstream',
    says: [
      /pending (?:mod|moderator|moderation) message/giu,
      /action (?:needed|required) to continue/giu,
      /accept (?:our|the) terms of service/giu,
    ],
  },
];

/** Quota and balance are used up, or the plan has ended. */
export const MONEY: readonly Pattern[] = [
  // [A] 用户额度不足; 该令牌额度已用尽 [T] 用户今日绘图次数已达上限
  {
    subject: 'payment_required',
    scope: 'upstream',
    says: [
      /(?:余额|额度|配额|积分|点数|点券|算力|次数|金额|资金|费用|流量|张数|时长|资源包|(?:快速|慢速|极速|绘图|出图)时间|credits?|quota)\s*(?:已经|已|都|均)?(?:不足|不够|用尽|耗尽|用完|告罄|超限|为\s*0|为零|达上限|已达上限|已用完|达到上限)/giu,
      /(?:额度|余额|配额|积分)(?:失败|错误)/giu,
      /次数(?:已)?(?:达|到)(?:到)?上限/giu,
    ],
  },
  // [A] 预扣费额度失败, 用户剩余额度: ＄0.012345, 需要预扣费额度: ＄0.1
  {
    subject: 'payment_required',
    scope: 'upstream',
    says: [
      /预扣费/giu,
      /扣费失败/giu,
      /剩余(?:额度|余额|积分|点数|次数|配额)/giu,
      /需要(?:预扣费)?额度/giu,
      /欠费/giu,
      /透支/giu,
      /未充值/giu,
      /充值(?:后|才)/giu,
      /未付费/giu,
      /请(?:先|及时|尽快|前往)?\s?(?:充值|续费|付费|购买)/giu,
      /(?:套餐|订阅|会员|授权|许可证|试用)(?:已|已经)?(?:过期|到期|用完|用尽|失效|结束|耗尽)/giu,
    ],
  },
  // [A] quota_not_enough; token quota is not enough; insufficient_user_quota
  {
    subject: 'payment_required',
    scope: 'upstream',
    says: [
      /insufficient[ _-](?:user[ _-]|account[ _-]|token[ _-])?(?:quota|balance|credits?|funds|points)/giu,
      /(?:quota|balance|credits?|funds|points|allowance)[ _](?:is |are |has been |have been |was |were )?(?:not[ _]enough|insufficient|exhausted|exceeded|used up|too low|depleted|empty|ran out|run out)/giu,
      /not[ _]enough[ _](?:quota|balance|credits?|funds|points)/giu,
      /out of (?:credits?|quota|funds|balance|points|fast|hours|gpu)\b/giu,
      /(?:do not|don['’]?t|does not|doesn['’]?t) have (?:enough|sufficient|any)(?: more| remaining| fast| relax| turbo)? (?:credits?|quota|balance|funds|points|hours|time|gpu)/giu,
      /\bno (?:more |remaining )?(?:credits?|quota|balance|funds) (?:left|remaining|available)/giu,
      /\bno (?:more )?remaining (?:fast |relax |turbo )?(?:credits?|quota|balance|funds|points|hours|time)/giu,
      /(?:negative|zero) balance/giu,
      /(?:balance|credits?) (?:is |are |has been )?(?:negative|zero|below)\b/giu,
      /(?:credit|quota|balance) limit(?: has been| is| was)? (?:exceeded|reached)/giu,
    ],
  },
  // [A] pre_consume_token_quota_failed [O]
  {
    subject: 'payment_required',
    scope: 'upstream',
    says: [
      /(?:remain(?:ing)?|need|left) (?:quota|balance|credits?)/giu,
      /pre.?consum\w*(?:[ _](?:token|user))?[ _]quota/giu,
      /exceeded your (?:current )?(?:quota|limit|plan)/giu,
      /check your plan and billing/giu,
      /billing[ _](?:hard[ _]limit|not[ _]active|error|issue|details)/giu,
      /payment[ _](?:required|failed|method)/giu,
      /past due/giu,
      /in arrears/giu,
      /overdue/giu,
      /top.?up (?:your|the) (?:account|balance|credits?)/giu,
      /(?:please |to )recharge\b/giu,
      /recharge your/giu,
      /(?:add|purchase|buy) (?:more |additional )?(?:funds|credits|hours|quota)/giu,
      /(?:monthly|daily|weekly|free|trial|usage|spend(?:ing)?) (?:quota|limit|allowance|credits?)(?: has been| is| was)? (?:exceeded|reached|exhausted|used up)/giu,
      /reached (?:the |your )?(?:monthly|daily|weekly|usage|spend(?:ing)?) limit/giu,
    ],
  },
  // [M] Subscription required [V]
  {
    subject: 'payment_required',
    scope: 'upstream',
    says: [
      /(?:subscription|plan|membership|license|trial)(?: has| is| was)? (?:been )?(?:required|expired|paused|cancell?ed|ended|inactive|lapsed|past due)/giu,
      /(?:need|requires?|without|no) (?:an? )?(?:active |paid )?(?:subscription|membership)/giu,
      /(?:fast|relax(?:ed)?|turbo) (?:hours|time|credits?|gpu)[^.\n]{0,20}(?:exhausted|used|run out|ran out|no more|left|depleted)/giu,
      /no (?:more )?(?:fast|relax(?:ed)?|turbo) (?:hours|time|credits?)/giu,
      /no_more_relax_credit/giu,
      /account_fee_not_enough/giu,
      /no_avali?able_plan/giu,
    ],
  },
];

/** The route is missing. This stands before the patterns of the client's input, which mention invalid URLs, too. */
export const MISSING_ROUTE: readonly Pattern[] = [
  // [A] [O] Invalid URL (POST /mj/submit/imagine)
  {
    subject: 'not_found',
    scope: 'work',
    says: [/invalid url \((?:POST|GET|PUT)/giu, /接口不存在/giu, /路由不存在/giu, /页面不存在/giu],
  },
];

/** The key is wrong, expired or disabled. */
export const KEY: readonly Pattern[] = [
  // [A] 无效的令牌; 该令牌已过期; 该令牌状态不可用; 未提供令牌
  {
    subject: 'unauthorized',
    scope: 'upstream',
    says: [
      /(?:无效|错误|非法|失效|过期|未知)(?:的)?\s?(?:api\s?|访问|接口)?(?:令牌|密钥|秘钥|token|api.?key|凭证|凭据|签名|认证信息)/giu,
      /(?:令牌|密钥|秘钥|token|api.?key|凭证|凭据|签名|登录|认证信息)(?:已|验证|校验|状态)?\s*(?:无效|错误|过期|失效|不存在|不可用|失败|不正确|有误|不能为空)/giu,
      /未提供(?:令牌|密钥|token|api.?key)/giu,
      /(?:未经|未|请先)(?:授权|登录|登陆|认证|鉴权)/giu,
      /(?:没有|尚未|请重新)(?:登录|登陆)/giu,
      /(?:鉴权|认证|授权|身份验证)(?:失败|错误|不通过|未通过)/giu,
    ],
  },
  // [O] Incorrect API key provided [V] Invalid_App_Identifier
  {
    subject: 'unauthorized',
    scope: 'upstream',
    says: [
      /(?:invalid|incorrect|wrong|expired|missing|unknown|revoked|malformed|no)[ _](?:your[ _]|the[ _]|an?[ _])?(?:api[ _-]?key|access[ _]token|auth(?:entication|orization)?[ _](?:token|header|credentials?|key)|bearer token|credentials?|api[ _-]?secret|mj-api-secret|secret key|app[ _]identifier|signature)/giu,
      /(?:api[ _-]?key|access (?:token|key)|auth token|credentials?|api[ _-]?secret|app key)(?: (?:you )?provided)? (?:is |are |was |has |does )?(?:invalid|incorrect|missing|expired|revoked|not (?:valid|found|provided|exist)|required|been revoked)/giu,
      /mj-api-secret/giu,
      /bad credentials/giu,
      /(?:invalid|wrong|unknown) access key/giu,
    ],
  },
  // [T] Authorization header missing.
  {
    subject: 'unauthorized',
    scope: 'upstream',
    says: [
      /auth (?:failed|failure|error)/giu,
      /not logged in/giu,
      /(?:session|login) (?:has |is )?expired/giu,
      /signature (?:mismatch|is invalid|does not match|verification failed)/giu,
      /unauthori[sz]ed access/giu,
      /token (?:status )?(?:is |was )?(?:invalid|incorrect|not valid|not found|unavailable)/giu,
      /authorization header (?:missing|is missing|required|invalid)/giu,
      /(?:authentication|authorization) (?:failed|required|error|is required)/giu,
      /not authenticated/giu,
      /unauthenticated/giu,
      /token (?:has |is )?(?:been )?(?:expired|revoked|exhausted|not provided|no longer valid)/giu,
      /please (?:log|sign) ?in/giu,
      /login (?:required|expired)/giu,
    ],
  },
  // [A] Invalid token (request id: 2026)
  {
    subject: 'unauthorized',
    scope: 'upstream',
    says: [
      /^\W*(?:error:? ?)?(?:(?:http )?401:? ?)?(?:unauthori[sz]ed|(?:invalid|bad|wrong|unknown) (?:token|key|secret)|key (?:is invalid|not found))\b(?= *(?:[.!(,;]|$))/gimu,
    ],
  },
];

/** The key, its group, its plan or its address may not do the work. */
export const PLAN: readonly Pattern[] = [
  // [A] 该令牌无权访问模型 mj_imagine [T] 视频功能未启用
  {
    subject: 'forbidden',
    scope: 'work',
    says: [
      /(?:无权|没有权限|无权限|权限不足|未授权|不允许|禁止)(?:访问|使用|调用|操作)?\s*(?:该|此|这个|当前)?\s*(?:模型|接口|功能|服务|模式|动作)/giu,
      /(?:模型|接口|功能)[^，。,.\n]{0,40}?(?:未开通|未启用|未开启|未开放|未对[^，。,.\n]{0,8}开放|无权限|未授权|不可用|不存在|未配置|已下线|已禁用|已关闭)/giu,
      /不支持(?:该|此|当前|这个)?(?:模型|接口|功能|动作|模式)/giu,
      /(?:turbo|fast|relax|快速|慢速|极速)\s?模式[^，。,.\n]{0,8}(?:不可用|不支持|未开通|未开启|已关闭)/giu,
      /不支持\s?(?:turbo|fast|relax|快速|慢速|极速)/giu,
      /服务(?:未开通|已到期|已过期)/giu,
      /(?:倍率|价格)(?:或价格)?(?:未配置|未设置|不存在)/giu,
    ],
  },
  // [A] [O]
  {
    subject: 'forbidden',
    scope: 'work',
    says: [
      /(?:not have|no|without|lacks?|insufficient|denied)[ _](?:the )?(?:permissions?|access|authori[sz]ation|rights?) (?:to|for|on) (?:use |access |call )?(?:this |the |that )?(?:model|action|endpoint|api|feature|mode|resource|service|operation)/giu,
      /model[^.\n]{0,48}?(?:not (?:found|available|supported|allowed|enabled|exist|configured|permitted)|does not exist|unavailable|is disabled|not_found)/giu,
      /(?:not allowed|not permitted|not authori[sz]ed|unauthori[sz]ed|forbidden) to (?:use|access|call) (?:this |the |that )?(?:model|action|endpoint|api|feature|mode|resource|service|operation)/giu,
      /(?:ratio|price)[^.\n]{0,16}not (?:set|configured)/giu,
      /(?:feature|function)(?: is)? (?:not enabled|disabled)/giu,
      /unsupported model\b/giu,
    ],
  },
  // [A] 该渠道已被禁用; 分组 vip 已被弃用
  {
    subject: 'forbidden',
    scope: 'upstream',
    says: [
      /渠道\s*\S{0,20}?(?:已被|被|已)(?:禁用|停用|关闭|删除)/giu,
      /渠道(?:不存在|不可用)/giu,
      /分组不存在/giu,
      /分组[^，。,.\n]{0,40}?(?:已被|被|已)(?:禁用|弃用|删除|停用)/giu,
      /无权访问[^，。,.\n]{0,40}?分组/giu,
      /不支持指定渠道/giu,
      /无效的渠道/giu,
    ],
  },
  // [A]
  {
    subject: 'forbidden',
    scope: 'upstream',
    says: [
      /channel (?:\S{1,32} )?(?:is |has been |was )?(?:disabled|banned|closed|deleted|not found|unavailable)/giu,
      /group (?:\S{1,32} )?(?:is |has been |was )?(?:disabled|deprecated|not allowed|not permitted|not found)/giu,
    ],
  },
  // [A] 您的 IP 不在令牌允许访问的列表中 [O]
  {
    subject: 'forbidden',
    scope: 'upstream',
    says: [
      /ip\s?(?:地址)?[^。.\n]{0,24}(?:不在|白名单|黑名单|未授权|被禁止|不被允许)/giu,
      /\bip (?:address )?(?:\S{1,45} )?(?:is )?(?:not (?:in|on|allowed|whitelisted|authori[sz]ed)|blocked|banned|denied|forbidden)/giu,
      /(?:country|region|territory)[^.\n]{0,40}(?:not (?:supported|allowed|available)|blocked|restricted)/giu,
      /不支持(?:的)?(?:国家|地区|区域)/giu,
    ],
  },
  // [T] 账号无权限; 当前账号不支持 remix，请开启 remix 功能
  {
    subject: 'forbidden',
    scope: 'work',
    says: [
      /访客(?:绘图)?功能未开启/giu,
      /账号(?:无权限|异常)/giu,
      /(?:当前|此|该|您的|你的)(?:账号|账户|令牌|用户|套餐|订阅|会员|版本)[^。\n]{0,12}(?:不支持|不包含|不包括|未开启|未开通|无权|没有权限|不可用|不允许)/giu,
      /请升级(?:套餐|账户|账号|会员|版本)/giu,
      /(?:没有|无)(?:访问|操作|使用|调用)?权限/giu,
      /权限(?:不足|不够)/giu,
      /无权(?:访问|使用|调用)/giu,
      /访问被拒绝/giu,
      /拒绝访问/giu,
      /无权操作/giu,
      /禁止上传/giu,
      /演示模式/giu,
      /未开启\s?REMIX/giu,
    ],
  },
  // [O] [V] Permission_Denied
  {
    subject: 'forbidden',
    scope: 'work',
    says: [
      /upgrade (?:your|to an?) /giu,
      /(?:your|current|this) (?:current )?(?:plan|subscription|tier)[^.\n]{0,24}(?:not (?:include|support|allow|have)|n't (?:include|support|allow|have))/giu,
      /not (?:available|included|supported) (?:on|in|for|with) (?:your|this|the current) (?:current )?(?:plan|tier|account|subscription|region)/giu,
      /requires? an? (?:\w+ )?(?:plan|tier)/giu,
      /whitelisted accounts? only/giu,
      /accounts? not allowed/giu,
      /insufficient[ _](?:permissions?|scopes?)/giu,
      /permission[ _](?:denied|error)/giu,
      /(?:not have|no|without) permissions?\b/giu,
      /access(?: is)?[ _](?:denied|forbidden)/giu,
      /not[ _]authori[sz]ed/giu,
    ],
  },
  {
    subject: 'forbidden',
    scope: 'work',
    says: [/^\W*(?:error:? ?)?(?:(?:http )?403:? ?)?forbidden\W*$/gimu],
  },
];

/** The address has no such route. */
export const ADDRESS: readonly Pattern[] = [
  {
    subject: 'not_found',
    scope: 'work',
    says: [
      /(?:cannot|can't) (?:POST|GET) \//giu,
      /no (?:such )?route/giu,
      /route (?:\S{1,80} )?not found/giu,
      /(?:endpoint|path|api|page|resource) (?:\S{1,80} )?(?:was |is )?not found/giu,
      /^\W*(?:(?:http )?404:? ?)?not found\W*$/gimu,
    ],
  },
];

/** Sums of money, which are the operator's unless the client wrote them. */
export const MONEY_AMOUNTS: readonly Pattern[] = [
  // [A] ＄0.012345
  {
    subject: 'payment_required',
    scope: 'work',
    says: [
      /[$＄€£¥￥]\s?-?\d+[.,]\d/giu,
      /\d[.,]\d+\s?(?:USD|CNY|RMB|EUR|美元|人民币)/giu,
      /(?:余额|额度|balance|quota|credits?)\s*[:：=]\s*-?\d/giu,
    ],
  },
];
