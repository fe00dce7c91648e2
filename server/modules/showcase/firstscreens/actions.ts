// The first screens that have real content before any script runs: home, and a course that somebody shared.
import { Value } from '@sinclair/typebox/value'
import { CoursePage, Home } from '#contracts/pages.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { courseOf } from '#modules/content/catalog/actions.ts'
import { showCoursePage, showHome } from '#modules/showcase/pages/actions.ts'
import { coursePath, courseScreen, fillPage, homeScreen } from './rules.ts'

/** The built `page` as every visitor gets it, of the home or of a course; as it was built when there is nothing to show in advance. */
export async function firstScreen(ctx: TxCtx, page: string, slug: string | undefined): Promise<string> {
  const { publicUrl } = ctx.knobs
  if (slug === undefined) return fillPage(page, homeScreen(Value.Clean(Home, await showHome(ctx)) as Home), `${publicUrl}/`)
  const course = await courseOf(ctx, slug)
  if (course?.state !== 'published') return page
  return fillPage(page, courseScreen(Value.Clean(CoursePage, await showCoursePage(ctx, slug)) as CoursePage), `${publicUrl}${coursePath(slug)}`)
}
