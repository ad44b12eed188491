/** The error for a backup of PostgreSQL: it has its own backup tools. */
export function postgresHasItsOwn(): Error {
  return new Error(
    'PostgreSQL is backed up with its own tools (pg_dump, pg_basebackup): docs/how-to/operate.md.\nPostgreSQL 请使用自带工具备份，见 docs/how-to/operate.zh-CN.md。',
  )
}
