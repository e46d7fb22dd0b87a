/** Names of vendors, with the host, address or id that a name is part of: clients would see by whom their work was done. */
const VENDORS = /(?<![\w.@-])[\w.@-]*(?:youchuan|悠船|leg ?next|api ?mart)(?:[\w.@-]*[\w-])?/gi;

/** Names that an upstream gives to what it works with. They have a digit or an underscore, or stand after a colon. */
const NAMED: readonly RegExp[] = [
  /\b(?:accounts?|channels?|instances?|workers?|nodes?)(?:[ _-]?(?:id|name|no\.?))?(?:\s*[:=#]\s*|\s+)(?=[\w.@-]*[\d_@])[\w.@-]*[\w-]/gi,
  /\b(?:account|channel|instance|worker|node)(?:[ _-]?(?:id|name))?\s*[:=]\s*[\w.@-]*[\w-]/gi,
  /(?:账号|账户|帐号|帐户|賬號|帳號|帳戶|渠道|通道|實例|实例|分组|分組|节点|節點)(?:\s?(?:id|名称|名稱|编号|編號))?\s*[:：=#]?\s*[a-z0-9][\w.@-]*/gi,
  // Keys of servers of this family, whole or with their middle hidden.
  /\bsk-[\w*.-]{5,}[\w*]/gi,
];
/** Brackets from which everything was taken. */
const EMPTY_BRACKETS = /\(\s*\)|\[\s*\]|（\s*）|【\s*】/g;

/**
 * A text without the names of vendors and of their accounts, channels and keys. Names that the client itself wrote stay:
 * `isOwn` says so of a piece of the text.
 */
export function withoutOperatorNames(text: string, isOwn: (piece: string) => boolean): string {
  const unnamed = NAMED.reduce(
    (left, pattern) => left.replace(pattern, (piece) => (isOwn(piece) ? piece : '')),
    text.replace(VENDORS, ''),
  );
  return unnamed === text ? text : unnamed.replace(EMPTY_BRACKETS, '').replace(/ {2,}/g, ' ').trim();
}
