/** Traditional characters of texts in the tables, and at the same indexes their simplified forms. */
const TRADITIONAL =
  '帳號戶餘額無許權凍結違規詞內圖審過請點數財費貨資鑰證簽錯誤憑據碼啟開關閉頻負載飽務隊滿併發員會訂閱購買讓鎖單實際當應連錄訪問調試驗認續繳儲網絡統個該這組絕變聯繫賬輸鏈圍險種優別層級參長處於達標準黃體傳檔';
const SIMPLIFIED =
  '账号户余额无许权冻结违规词内图审过请点数财费货资钥证签错误凭据码启开关闭频负载饱务队满并发员会订阅购买让锁单实际当应连录访问调试验认续缴储网络统个该这组绝变联系账输链围险种优别层级参长处于达标准黄体传档';
const SIMPLER: ReadonlyMap<string, string> = new Map(
  [...TRADITIONAL].map((char, at) => [char, SIMPLIFIED[at] ?? char]),
);
const ANY = new RegExp(`[${TRADITIONAL}]`, 'gu');

/** Replaces these traditional characters by their simplified forms, so that one table matches both. The length stays. */
export function inSimplified(text: string): string {
  return text.replace(ANY, (char) => SIMPLER.get(char) ?? char);
}
