// The three kinds of bill, side by side.

export { fundFlowBill } from './fund-flow-bill.ts'
export { profitSharingBill } from './profit-sharing-bill.ts'
export { tradeBill } from './trade-bill.ts'
