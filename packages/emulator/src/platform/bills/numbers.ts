// Numbers in the format of WeChat's bills: yuan in cells, floats in the summary row (v3-endpoints §5.3).

import { formatDecimal, formatYuan } from '@cashdesk/protocol'

export const yuan: (fen: number) => string = formatYuan

/** A fee has five decimals: `0.01000`. */
export function feeCell(fen: number): string {
  return formatDecimal(fen * 1000, 5)
}

/** A rate such as `0.60%`. */
export function rateCell(ten_thousandths: number): string {
  return `${formatDecimal(ten_thousandths, 2)}%`
}

/** A number as the summary row of the published bill writes it: `45.0`, `0.0`, `0.47`. */
export function float(text: string): string {
  return text.includes('.') ? text.replace(/(\.\d+?)0+$/, '$1') : `${text}.0`
}
