// The three kinds of bill.

export { fundFlowBill } from './fund-flow-bill.ts'
export { profitSharingBill } from './profit-sharing-bill.ts'
export { tradeBill } from './trade-bill.ts'
