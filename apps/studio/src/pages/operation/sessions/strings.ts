import { defineStrings } from '../../../i18n/strings.ts';

/** Texts of sessions of Studio. */
export const strings = defineStrings({
  en: {
    list: 'Sessions of Studio',
    empty: 'Nobody is signed in',
    current: 'This browser',
    ended: 'Ended',
    live: 'Signed in',
    roles: { admin: 'Admin', client: 'Client' },
    column: {
      who: 'Who',
      state: 'State',
      address: 'From',
      browser: 'Browser',
      created: 'Signed in',
      used: 'Last used',
      ends: 'Ends',
      actions: 'Actions',
    },
    revoke: 'End',
    revokeOf: (who: string) => `End the session of ${who}`,
    title: 'End this session?',
    effects: {
      out: 'Its browser is signed out within 10 seconds.',
      own: 'It is this browser: you have to sign in again.',
      key: 'The key that it was signed in with stays as it is.',
    },
    revoked: 'The session is ended.',
  },
  zh: {
    list: 'Studio 会话',
    empty: '没有人登录',
    current: '当前浏览器',
    ended: '已结束',
    live: '已登录',
    roles: { admin: '管理员', client: '客户' },
    column: {
      who: '身份',
      state: '状态',
      address: '来源',
      browser: '浏览器',
      created: '登录时间',
      used: '最近使用',
      ends: '结束时间',
      actions: '操作',
    },
    revoke: '结束',
    revokeOf: (who) => `结束 ${who} 的会话`,
    title: '结束此会话？',
    effects: {
      out: '10 秒内该浏览器会被登出。',
      own: '这就是当前浏览器：你需要重新登录。',
      key: '登录所用的密钥不受影响。',
    },
    revoked: '会话已结束。',
  },
});
