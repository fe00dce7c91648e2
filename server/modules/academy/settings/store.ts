// Remembers the settings of the academy and every version of its agreements.
import type { AcademySettings, Agreement } from '#contracts/academy.ts'
import { sql, type Db } from '#kernel/db.ts'

export type Kind = Agreement['kind']
type AgreementRow = { kind: Kind; version: number; title: string; markdown: string; effective_at: Date }
export type KeptAgreement = { kind: Kind; version: number; title: string; markdown: string; effectiveAt: Date }

function kept(row: AgreementRow): KeptAgreement {
  return { kind: row.kind, version: row.version, title: row.title, markdown: row.markdown, effectiveAt: row.effective_at }
}

export async function findSettings(db: Db): Promise<AcademySettings | undefined> {
  const { rows } = await db.query<{ values: AcademySettings }>(sql`select values from settings`)
  return rows[0]?.values
}

export async function upsertSettings(db: Db, values: AcademySettings, at: Date): Promise<void> {
  await db.query(sql`
    insert into settings (values, updated_at) values (${JSON.stringify(values)}, ${at})
    on conflict (one) do update set values = excluded.values, updated_at = excluded.updated_at`)
}

export async function findAgreement(db: Db, kind: Kind): Promise<KeptAgreement | undefined> {
  const { rows } = await db.query<AgreementRow>(sql`select * from agreements where kind = ${kind} order by version desc limit 1`)
  return rows[0] && kept(rows[0])
}

export async function listAgreements(db: Db): Promise<KeptAgreement[]> {
  const { rows } = await db.query<AgreementRow>(sql`select distinct on (kind) * from agreements order by kind, version desc`)
  return rows.map(kept)
}

export async function insertAgreement(db: Db, agreement: Omit<KeptAgreement, 'version'>): Promise<KeptAgreement> {
  const { rows } = await db.query<AgreementRow>(sql`
    insert into agreements (kind, version, title, markdown, effective_at)
    select ${agreement.kind}, coalesce(max(version), 0) + 1, ${agreement.title}, ${agreement.markdown}, ${agreement.effectiveAt} from agreements where kind = ${agreement.kind}
    returning *`)
  const [row] = rows
  if (!row) throw new Error('an insert returned nothing')
  return kept(row)
}
