// Numbers as WeChat's bills write them: yuan in cells, and floats in the summary row (v3-endpoints §5.3).

import { formatDecimal, formatYuan } from '@cashdesk/protocol'

export const yuan: (fen: number) => string = formatYuan

/** The fee has five decimals: `0.01000`. */
export function feeCell(fen: number): string {
  return formatDecimal(fen * 1000, 5)
}

/** `0.60%` */
export function rateCell(ten_thousandths: number): string {
  return `${formatDecimal(ten_thousandths, 2)}%`
}

/** As the published bill's summary row writes: `45.0`, `0.0`, `0.47`. */
export function float(text: string): string {
  return text.includes('.') ? text.replace(/(\.\d+?)0+$/, '$1') : `${text}.0`
}
