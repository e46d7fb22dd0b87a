/** The vendor's reasons, misspelt as the vendor spells them, and the HTTP status of each. */
export const REASONS = {
  Invalid_Argument: 400,
  Invalid_Prompt_Parameter: 400,
  Cancel_Job_Not_Runnig: 400,
  Job_ReUpscale_Not_Support: 400,
  Invalid_App_Identifier: 401,
  No_More_Relax_Credit: 402,
  Account_Fee_Not_Enough: 402,
  Permission_Denied: 403,
  Relax_Not_Allow: 403,
  Msg_Sensitive: 403,
  Upscale_Not_Support: 403,
  No_Avaliable_Plan: 403,
  Not_Found: 404,
  Not_Support: 405,
  Max_Concurrent_Limited: 429,
  Internal_Server_Error: 500,
  Server_Busy: 503,
  Request_Timout: 503,
} as const;

export type Reason = keyof typeof REASONS;

/** A request that is not taken in. Each profile words it in its own envelope. */
export class Refusal extends Error {
  constructor(
    readonly reason: Reason,
    message: string,
  ) {
    super(message);
  }

  get http(): number {
    return REASONS[this.reason];
  }
}

/** The refusal that a name orders: a reason, or an HTTP status, which stands for the first reason with it. */
export function refusalNamed(name: string): Refusal {
  const reasons = Object.keys(REASONS) as Reason[];
  const wanted = name.toLowerCase();
  const reason =
    reasons.find((each) => each.toLowerCase() === wanted) ?? reasons.find((each) => String(REASONS[each]) === wanted);
  return new Refusal(reason ?? 'Internal_Server_Error', `The simulator was asked to refuse (${name}).`);
}
