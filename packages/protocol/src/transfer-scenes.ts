// What a merchant transfer must report for its scene (transfers-more §1).

export interface TransferScene {
  name: string
  /** The `info_type`s that a transfer must report, each once. */
  infos: readonly string[]
  /** What `user_recv_perception` may say; the first is the default. */
  perceptions: readonly string[]
}

/**
 * The scenes whose infos are known (transfers-more §1).
 * `1006` and `1001` also occur in WeChat's pages; their infos are not known, so they are not listed.
 */
export const TRANSFER_SCENES: Readonly<Record<string, TransferScene>> = {
  '1000': { name: '现金营销', infos: ['活动名称', '奖励说明'], perceptions: ['活动奖励', '现金奖励'] },
  '1002': { name: '行政补贴', infos: ['补贴类型'], perceptions: ['行政补贴', '行政奖励'] },
  '1004': { name: '保险理赔', infos: ['保险产品备案编号', '保险名称', '保险操作单号'], perceptions: ['保险理赔款'] },
  '1005': { name: '佣金报酬', infos: ['岗位类型', '报酬说明'], perceptions: ['劳务报酬', '报销款', '企业补贴', '开工利是'] },
  '1009': { name: '采购货款', infos: ['采购商品名称'], perceptions: ['货款'] },
  '1010': { name: '二手回收', infos: ['回收商品名称'], perceptions: ['二手回收货款'] },
  '1011': { name: '企业赔付', infos: ['赔付原因'], perceptions: ['退款', '商家赔付'] },
  '1013': { name: '公益补助', infos: ['公益活动名称', '公益活动备案编号'], perceptions: ['公益补助金'] },
}

/** Scenes that WeChat's pages name without saying what they report. */
export const TRANSFER_SCENES_OPEN: readonly string[] = ['1001', '1006']
