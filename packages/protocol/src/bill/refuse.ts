// How a bill is refused: whole, with the line, the column and the problem. The text of a cell is given only where it cannot name a payer.

import { MessageError } from '../errors.ts'

export interface BillProblem {
  problem: string
  /** Counted from 1, the header. */
  line?: number
  /** The name of the column, or the number of the cell where no name is known. */
  column?: string | number
  text?: string
  /** The columns that are missing. */
  missing?: string
  columns?: number
  cells?: number
  announced?: string
  counted?: string
}

/** @throws MessageError ERR_BILL_FORMAT, always */
export function refuse({ line, column, problem, text, ...rest }: BillProblem): never {
  throw new MessageError('ERR_BILL_FORMAT', {
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    problem,
    ...(text !== undefined && { text: text.slice(0, 40) }),
    ...rest,
  })
}
