// Passwords: argon2id, and the same time taken whether or not the person exists.
import { hash, verify } from '@node-rs/argon2'

const nobody = hash('nobody has this password')

export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'))
}

export async function isPassword(kept: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(kept ?? (await nobody), password.normalize('NFKC'))
  return kept !== undefined && matches
}
