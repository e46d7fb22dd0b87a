import type { Pattern } from './refusal-pattern.js';

// Where texts were seen: [N] novicezk/midjourney-proxy, [T] trueai-org, [A] new-api and one-api, [M] Midjourney's own embeds (in
// failReason), [O] OpenAI and what looks like it, [V] vendors.

/** The content that the client asked for is refused. */
export const CONTENT: readonly Pattern[] = [
  // [N] [M]
  {
    subject: 'content',
    says: [
      /banned (?:prompt|word|phrase)/giu,
      /(?:prompt|word|phrase|text|content|image|picture)s?(?: ["'`“][^"'`”\n]{1,80}["'`”])? (?:(?:is|are|was|were|has been|may be|might be) )?(?:banned|blocked|flagged|filtered|rejected|prohibited|not allowed)/giu,
      /(?:prohibited|forbidden|blocked|illegal|disallowed|not allowed|restricted|unsafe|harmful|adult|sexual|explicit|violent|hateful) (?:words?|phrases?|terms?|content|prompt|image|language|text|topic)/giu,
    ],
  },
  // [M] [O] [V]
  {
    subject: 'content',
    says: [
      /(?<!case[ -])sensitive/giu,
      /moderat(?:ed|ion|or)/giu,
      /nsfw/giu,
      /content[ _-]?(?:policy|filter|safety|security|violation|review)/giu,
      /safety (?:system|filter|check|reason)/giu,
      /community (?:standards|guidelines)/giu,
      /usage polic(?:y|ies)/giu,
      /inappropriate/giu,
      /prompt[ _-]?blocked/giu,
      /against our/giu,
      /violat(?:e|es|ed|ing|ions?)\b/giu,
      /\bgore\b/giu,
      /nudity/giu,
      /hate speech/giu,
      /public figures?\b/giu,
      /celebrit(?:y|ies)\b/giu,
      /blocked by (?:our |the )?(?:content |safety |prompt )?(?:filters?|polic)/giu,
      /copyright/giu,
    ],
  },
  // [N] 可能包含敏感词 [V]
  {
    subject: 'content',
    says: [
      /敏感/giu,
      /违禁/giu,
      /违规/giu,
      /不当内容/giu,
      /不良/giu,
      /色情/giu,
      /涉黄/giu,
      /涉政/giu,
      /暴力/giu,
      /内容安全/giu,
      /(?:内容|安全|文本|图片|机器|人工)审核/giu,
      /审核(?:未|不|失败|拒绝)/giu,
      /屏蔽词/giu,
      /禁用词/giu,
      /禁止词/giu,
      /禁词/giu,
      /(?:不允许|不被允许|禁止(?:使用)?|不合规|非法|违法|不安全|不雅|露骨)的?(?:内容|词汇|词语|词|图片|图像|话题|信息)/giu,
      /(?:内容|文本|提示词)[^，。,.\n]{0,6}(?:不合规|不合法|违法|非法|不允许|不被允许|被屏蔽|被拒绝)/giu,
      /(?:图片|图像|输入)不合规/giu,
      /审查(?:未|不|失败|拒绝)/giu,
      /社区(?:准则|规范|规则|守则|标准|指南)/giu,
      /(?:使用|内容)政策/giu,
      /版权/giu,
      /侵权/giu,
      /血腥/giu,
      /裸[露体]/giu,
      /被拦截/giu,
      /风控/giu,
    ],
  },
];

/** The upstream is saturated. These texts may mention plans and limits. */
export const BUSY: readonly Pattern[] = [
  // [A] 当前分组负载已饱和，请稍后再试，或升级账户以提升服务质量 [N] [T]
  {
    subject: 'full',
    says: [
      /负载(?:已饱和|过高|过大)/giu,
      /(?:系统|服务器?|渠道|账号|网络)繁忙/giu,
      /任务(?:数量?)?(?:过多|太多|已满|已?达到?上限|超过限制|超出限制)/giu,
      /队列已满/giu,
      /排队(?:人数|任务)过多/giu,
      /(?:请求|访问|操作|调用|提交)(?:过于|太|过)频繁/giu,
      /(?:请求|调用|访问)(?:频率|速率)/giu,
      /(?:速率|频率)限制/giu,
      /请求(?:数量?)?(?:超过|超出)(?:了)?(?:上限|限制)/giu,
      /限流/giu,
      /(?:超过|超出)(?:最大)?并发/giu,
      /并发(?:数|量|任务)?(?:已满|已达|超过|超出|过高|过多|限制|达到)/giu,
      /每分钟/giu,
    ],
  },
  // [M] [O] [V]
  {
    subject: 'full',
    says: [
      /rate.?limit/giu,
      /request limit (?:has been |is )?(?:exceeded|reached)/giu,
      /(?:server|system|service|engine|model)(?: is)?(?: currently| temporarily| too)* (?:busy|overloaded)/giu,
      /(?:currently|temporarily) overloaded/giu,
      /all (?:accounts|channels|instances|workers) (?:are )?(?:currently )?(?:busy|in use|full)/giu,
      /concurrency (?:has been |is )?(?:exceeded|reached)/giu,
      /max(?:imum)? (?:number of )?concurrent/giu,
      /too many (?:concurrent |pending |active |running |queued )?(?:requests|jobs|tasks|generations)/giu,
      /(?:queue|server|pool) is full/giu,
      /queue full/giu,
      /concurren(?:t|cy)[ _-](?:job |task |request )?limit/giu,
      /max_concurrent/giu,
      /per (?:minute|second)\b/giu,
      /slow down/giu,
    ],
  },
];

/**
 * The client's input is at fault. Texts about pictures and links that the upstream could not fetch mention "forbidden"
 * and "not found", too.
 */
export const INPUT: readonly Pattern[] = [
  // [M] Invalid parameter
  {
    subject: 'input',
    says: [/--[a-z]{1,14}\b/giu, /\bversion[^.\n]{0,24}(?:not|in)[ -]?(?:supported|valid|available|exist)/giu],
  },
  {
    subject: 'input',
    says: [
      /(?:download|fetch|load|read|decode|open|parse|retriev|access|upload|process)(?:e|ing|ed)? (?:the |your |this |an? )?(?:\w+ )?(?:image|picture|photo|link|url|file|mask|base64|attachment)s?\b/giu,
      /\b(?:image|picture|photo|link|url|file|mask|base64|attachment)s?\b[^.。\n]{0,32}(?:fail|invalid|unable|cannot|could not|unreachable|not found|expired|forbidden|denied|too large|unsupported|not supported|does not exist)/giu,
      /(?:invalid|unsupported|broken|bad|expired) (?:image|picture|photo|link|url|file|mask|base64|attachment)s?\b/giu,
    ],
  },
  // [T] base64格式错误
  {
    subject: 'input',
    says: [
      /(?:图片|图像|图床|链接|网址|文件|附件|base64|底图|垫图|蒙版|遮罩)[^。\n]{0,16}(?:失败|无效|错误|不存在|过期|失效|不支持|过大|不能为空|无法|不合法)/giu,
      /(?:下载|获取|读取|上传|解析|识别)[^。\n]{0,8}(?:图片|图像|链接|文件)/giu,
    ],
  },
  // [M]
  {
    subject: 'input',
    says: [
      /invalid (?:parameter|argument|option|flag|aspect ratio|version|prompt|custom ?id|button|action|mode|index|dimension|request body|json)/giu,
      /unrecogni[sz]ed parameter/giu,
      /unknown parameter/giu,
      /too many tokens/giu,
      /maximum (?:number of )?tokens/giu,
      /prompt (?:is )?(?:too long|empty|required)/giu,
    ],
  },
  // [N] [T]
  {
    subject: 'input',
    says: [/参数(?:错误|无效|不合法|不正确|过长|缺失)/giu, /提示词(?:不能为空|过长|无效|错误)/giu, /prompt不能为空/giu],
  },
];

/** The continued task is gone. */
export const PARENT: readonly Pattern[] = [
  // [A] 该任务所属渠道已被禁用: the channel of that one task
  {
    subject: 'forbidden',
    scope: 'task',
    says: [/任务所属渠道已被?禁用/giu],
  },
  // [N] [T] 关联任务不存在或已失效
  {
    subject: 'parent',
    says: [
      /关联任务(?:不存在|已)/giu,
      /父任务/giu,
      /(?:任务|作业)\s?(?:id)?(?:已)?(?:不存在|失效|过期|被删除|未找到)/giu,
      /(?:未找到|找不到|没有找到|不存在)(?:该|此|对应的?|关联的?|原)?(?:任务|消息|作业)/giu,
      /消息(?:不存在|已失效|已删除|已过期)/giu,
      /原图(?:不存在|已失效|已过期|已删除)/giu,
      /按钮(?:不存在|已失效)/giu,
    ],
  },
  // [A] [V]
  {
    subject: 'parent',
    says: [
      /task_(?:no|not)_found/giu,
      /(?:task|job|message|generation)(?: id)?(?: [\w-]{1,64})? (?:(?:is|was|has|does|could) )?(?:not (?:be )?found|not exist|no longer (?:exists?|available)|gone|expired|been deleted|deleted)/giu,
      /(?:no such|unknown|invalid) (?:parent |origin )?(?:task|job|message)/giu,
      /component (?:not found|validation failed)/giu,
    ],
  },
];

/** No account of the upstream does this work now. */
export const NO_ACCOUNT: readonly Pattern[] = [
  // [A] 当前分组 default 下对于模型 mj_imagine 无可用渠道 [N] [T] 无可用的账号实例
  {
    subject: 'no_account',
    says: [
      /无可用(?:的)?(?:渠道|通道|账号|账户|实例|帐号)/giu,
      /可用(?:的)?(?:渠道|账号实例|账号|实例)不存在/giu,
      /账号池(?:为空|已空)/giu,
      /(?:账号|实例)(?:不存在或)?不可用/giu,
      /没有可用(?:的)?(?:渠道|通道|账号|账户|实例)/giu,
    ],
  },
  // [A]
  {
    subject: 'no_account',
    says: [
      /no (?:available|usable|active|enabled) (?:channel|account|instance|provider|upstream)s?/giu,
      /\bno (?:channel|account|instance|provider)s? (?:is |are )?(?:currently )?available/giu,
      /failed to get available channel/giu,
    ],
  },
];
