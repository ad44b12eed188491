// Sets the page that WeChat's shipping message opens: POST /wxa/sec/order/set_msg_jump_path.

import type { MiniProgramCaller } from '../caller.ts'

/** WeChat adds the order's numbers as query. An empty path means WeChat's own page. */
export async function setMessageJumpPath(caller: MiniProgramCaller, path: string): Promise<void> {
  await caller.send({ endpoint: 'miniMessageJumpPath', body: { path } })
}
