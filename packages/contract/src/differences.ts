// The classes of differences, each with what it means and what to do. docs/reference/differences.md is generated from this table.

import type { Advice } from './incidents.ts'

/** Each class has its heading in docs/reference/differences.md. */
export const DIFFERENCE_CLASSES_ALL = [
  'paid_there_not_here',
  'unknown_here',
  'missing_there',
  'amount',
  'recipient',
  'transaction_id',
  'currency',
  'double_payment',
  'refund_unknown_here',
  'refund_missing_there',
  'refund_amount',
  'refund_state',
  'fee_rate',
  'fee_amount',
  'fee_return',
  'fund_missing',
  'fund_extra',
  'fund_amount',
  'balance_break',
  'unknown_business',
] as const

export type DifferenceClassName = (typeof DIFFERENCE_CLASSES_ALL)[number]

export const DIFFERENCES: Readonly<Record<DifferenceClassName, { en: Advice; zh: Advice }>> = {
  paid_there_not_here: {
    en: {
      happened:
        'The trade bill has the payment, and our order is not paid. Nearly always the notification did not arrive. WeChat was queried: if it confirmed the payment, the order is paid now and the difference is explained as late.',
      todo: 'If it stays open, look at the order (`cashdesk orders show`): it may be in review, or refused by two operators. Check why notifications do not arrive if many are late.',
    },
    zh: {
      happened:
        '长款：交易账单中有该笔付款，而我方订单未支付，多为支付通知未送达。系统已向微信查询；微信确认后订单会变为已支付，差异自动说明为“晚到”。',
      todo: '若仍未处理，请用 `cashdesk orders show` 查看订单，可能处于人工审核或已被拒绝。若大量晚到，请检查通知为何未送达。',
    },
  },
  unknown_here: {
    en: {
      happened:
        'The trade bill has a payment whose number is no order of ours: another system uses the same merchant number, or the order was lost with an old backup.',
      todo: 'If another system owns it, resolve it as `foreign_system` and give the prefix of its numbers: later days then explain themselves. Otherwise find the buyer on the merchant platform and deliver or refund.',
    },
    zh: {
      happened: '长款：交易账单中的付款单号在我方不存在。可能是其他系统共用同一商户号，或订单随旧备份丢失。',
      todo: '若属于其他系统，请以 `foreign_system` 处理并填写其单号前缀，之后会自动说明。否则请在商户平台找到买家，发货或退款。',
    },
  },
  missing_there: {
    en: {
      happened: 'We have a paid order, and no bill of WeChat has its payment.',
      todo: 'Look at the order’s history for what WeChat signed, and at the payment on the merchant platform. If the platform has it, fetch the bill again (`cashdesk reconcile --again`); if not, ask WeChat’s support with the transaction_id before anything else is delivered.',
    },
    zh: {
      happened: '短款：我方订单已支付，但微信账单中没有这笔付款。',
      todo: '请查看订单历史中的微信签名信息，并在商户平台核对。若平台有该笔，请重新下载账单（`cashdesk reconcile --again`）；若没有，请先用 transaction_id 咨询微信客服。',
    },
  },
  amount: {
    en: {
      happened: 'The amount of the order in the bill (订单金额) is not what we count.',
      todo: 'Compare with the merchant platform. A payment that WeChat signed with another amount is in review; one that was accepted counts as accepted.',
    },
    zh: {
      happened: '账单中的订单金额与我方记录不符。',
      todo: '请与商户平台核对。若微信签名的金额与订单不符，该订单会进入人工审核；审核通过后以实际金额为准。',
    },
  },
  recipient: {
    en: {
      happened: 'The program (appid) or the sub-merchant of the payment is not the order’s.',
      todo: 'Check which program or sub-merchant received the money, and correct the configuration if orders are placed for the wrong one.',
    },
    zh: { happened: '付款的小程序（appid）或特约商户与订单不符。', todo: '请确认款项进入了哪个小程序或特约商户；若配置有误，请改正。' },
  },
  transaction_id: {
    en: {
      happened: 'The bill has another transaction_id under our order number: the number may have been paid twice.',
      todo: 'Look at both transaction_ids on the merchant platform. Refund the one that is not the order’s.',
    },
    zh: {
      happened: '同一商户订单号在账单中的微信订单号与我方不同，可能被支付了两次。',
      todo: '请在商户平台核对两个微信订单号，退还多收的一笔。',
    },
  },
  currency: {
    en: {
      happened: 'The currency in the bill is not the order’s.',
      todo: 'Cashdesk places orders in CNY only. Look at the payment on the merchant platform.',
    },
    zh: { happened: '账单币种与订单不符。', todo: 'Cashdesk 只使用人民币下单，请在商户平台核对该笔付款。' },
  },
  double_payment: {
    en: {
      happened: 'Two paid orders carry the same `reference`: the buyer paid twice. The amount is what is not refunded of the second.',
      todo: 'Refund the order in `subject`. The difference is explained at the next run.',
    },
    zh: {
      happened: '两笔已支付订单的 `reference` 相同，买家重复付款。金额为第二笔尚未退还的部分。',
      todo: '请对 `subject` 所示订单退款，下次对账会自动说明。',
    },
  },
  refund_unknown_here: {
    en: {
      happened:
        'The bill has a refund that is not ours: it was made on the merchant platform. If a query finds its order here, it is counted and explained as `console`.',
      todo: 'If it stays open, its order is not here or not paid here: find out who made the refund.',
    },
    zh: {
      happened: '账单中的退款不是由此处发起，多为在商户平台操作。若能查到对应订单，会自动计入并说明为 `console`。',
      todo: '若仍未处理，则此处没有对应订单或订单未支付，请查明是谁操作的退款。',
    },
  },
  refund_missing_there: {
    en: {
      happened: 'WeChat took our refund, and no bill has it.',
      todo: 'Query the refund (`cashdesk refunds show`). Fetch the bill again; if it is still missing, ask WeChat’s support with the refund_id.',
    },
    zh: {
      happened: '微信已受理我方退款，但账单中没有。',
      todo: '请查询该退款（`cashdesk refunds show`）并重新下载账单；仍缺失时用 refund_id 咨询微信客服。',
    },
  },
  refund_amount: {
    en: {
      happened: 'The bill’s 申请退款金额 is not the amount of our refund.',
      todo: 'Compare with the merchant platform; a refund may have been repeated there under the same number.',
    },
    zh: { happened: '账单的申请退款金额与我方退款金额不符。', todo: '请与商户平台核对，可能在平台上以相同单号重复操作。' },
  },
  refund_state: {
    en: {
      happened:
        'The bill says that the refund succeeded, and ours has not; or ours has succeeded or was rejected, and the bill says otherwise. WeChat was queried first.',
      todo: 'If it stays open, read `cashdesk refunds show` for what WeChat answers, and compare with the merchant platform.',
    },
    zh: {
      happened: '退款状态不一致：账单成功而我方未成功，或相反。系统已先向微信查询。',
      todo: '若仍未处理，请用 `cashdesk refunds show` 查看微信的应答，并与商户平台核对。',
    },
  },
  fee_rate: {
    en: {
      happened: 'The bill charges a rate that none of the last thirty-one days had. The amount is all that was charged at it.',
      todo: 'Compare with your contract. If the rate is agreed, resolve it as `fee_agreed`; later days know it.',
    },
    zh: {
      happened: '账单出现了最近 31 天没有的费率，金额为按该费率收取的手续费合计。',
      todo: '请与合同核对。若已约定，请以 `fee_agreed` 处理，之后不再提示。',
    },
  },
  fee_amount: {
    en: {
      happened:
        'Fees of the day are not what their rate gives, by more than one fen a row. One difference a rate; `count` rows, the amount in all.',
      todo: 'Ask WeChat how it rounded; small sums are usually written off.',
    },
    zh: {
      happened: '当日手续费与费率计算结果不符（每笔超过 1 分）。每个费率一条差异，`count` 为笔数，金额为合计。',
      todo: '请向微信了解取整方式；小额一般可平账。',
    },
  },
  fee_return: {
    en: {
      happened: 'More fee was given back for a payment’s refunds than the payment had cost.',
      todo: 'Compare the rows of this transaction_id in the bills.',
    },
    zh: { happened: '某笔付款的退款退回的手续费超过了原手续费。', todo: '请核对账单中该微信订单号的各行。' },
  },
  fund_missing: {
    en: {
      happened:
        'The trade bill has the payment or refund, and no fund-flow bill has a movement for it: the money did not move, or not yet.',
      todo: 'With profit sharing the money may be frozen. Otherwise fetch the fund-flow bill again, then ask WeChat’s support.',
    },
    zh: {
      happened: '交易账单中有该笔付款或退款，资金账单中没有对应流水：资金未变动或尚未变动。',
      todo: '使用分账时资金可能被冻结。否则请重新下载资金账单，再咨询微信客服。',
    },
  },
  fund_extra: {
    en: {
      happened: 'The fund-flow bill has a payment, fee or refund that no trade bill explains.',
      todo: 'Look at the business number on the merchant platform; it may belong to a day whose trade bill was not loaded.',
    },
    zh: {
      happened: '资金账单中的收款、手续费或退款在交易账单中找不到来源。',
      todo: '请在商户平台查询该业务单号，可能属于未导入交易账单的日期。',
    },
  },
  fund_amount: {
    en: {
      happened: 'The movements of a payment or refund do not add up to what the trade bill says, less its fee.',
      todo: 'Compare the lines of this number in both bills.',
    },
    zh: { happened: '某笔付款或退款的资金流水合计与交易账单金额（扣除手续费）不符。', todo: '请核对两份账单中该单号的各行。' },
  },
  balance_break: {
    en: {
      happened: 'A balance of the fund-flow bill is not the one before, plus or minus the amount: lines are missing, doubled or changed.',
      todo: 'Fetch the bill again. If WeChat’s own file has the break, ask its support with the number of the flow.',
    },
    zh: {
      happened: '资金账单的余额不连续：可能缺行、重复或被修改。',
      todo: '请重新下载账单。若微信原始文件即如此，请用资金流水单号咨询微信客服。',
    },
  },
  unknown_business: {
    en: {
      happened: 'The fund-flow bill has a kind of business that this version does not know. It is in the statement under `other`.',
      todo: 'Read the lines of that kind in the bill, and resolve it with a note. Tell us of the kind.',
    },
    zh: {
      happened: '资金账单出现了此版本未识别的业务类型，已计入资金表的“其他”。',
      todo: '请查看账单中该类型的各行，填写说明后处理，并告知我们该类型。',
    },
  },
}
