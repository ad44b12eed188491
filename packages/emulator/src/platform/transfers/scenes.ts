// What a transfer must report for its scene, and what its payee may be shown (transfers-more §1).

import { TRANSFER_SCENES, TRANSFER_SCENES_OPEN } from '@cashdesk/protocol'
import type { TransferRequest } from '@cashdesk/protocol/spec'
import { invalidRequest, Refusal } from '../refusal.ts'

type Reported = Pick<TransferRequest, 'transfer_scene_id' | 'transfer_scene_report_infos' | 'user_recv_perception'>

/** An unknown scene is refused as one whose infos are wrong: WeChat's own code for it is not known. @throws Refusal */
export function checkScene({ transfer_scene_id, transfer_scene_report_infos, user_recv_perception }: Reported): void {
  if (TRANSFER_SCENES_OPEN.includes(transfer_scene_id)) return
  const scene = TRANSFER_SCENES[transfer_scene_id]
  const given = transfer_scene_report_infos.map(({ info_type }) => info_type).sort()
  if (!scene || given.join('\n') !== [...scene.infos].sort().join('\n')) {
    const issue = scene ? `scene ${transfer_scene_id} reports exactly ${scene.infos.join(', ')}` : `no scene ${transfer_scene_id}`
    throw new Refusal(400, 'PARAM_ERROR', '未传入完整且对应的转账场景报备信息，请根据接口文档检查', {
      why: { field: '/transfer_scene_report_infos', issue },
    })
  }
  if (user_recv_perception === undefined || scene.perceptions.includes(user_recv_perception)) return
  throw invalidRequest('暂不支持展示当前传入的用户收款感知')
}
