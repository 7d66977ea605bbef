<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drafts: memory for the holes of a file that is taken first, then filled, and
 * then given to the file in one commit. Until that nobody else can see it, so
 * that what it held before never shows, and a stop in between loses nothing but
 * the draft.
 */
#include <linux/sched/signal.h>
#include <linux/sizes.h>

#include "vfs.h"

/*
 * Files that are written in turn would take turns in memory too, block by block,
 * until a record is full of extents. A file that cannot go on where it ends
 * therefore takes as much as it has already.
 */
static u64 ahead(const struct holdfast_fs *fs, const struct holdfast_runs *runs,
		 u64 wanted)
{
	u64 more = min(holdfast_runs_bytes(runs),
		       round_down(fs->space.free / 4, HOLDFAST_BLOCK_SIZE));

	return max(wanted, more);
}

/* The largest page that could ever map a part of the file. */
static u64 largest_page(const struct inode *inode, u64 end)
{
	u64 size = max_t(u64, i_size_read(inode), end);

	if (size >= SZ_1G)
		return SZ_1G;
	return size >= SZ_2M ? SZ_2M : HOLDFAST_BLOCK_SIZE;
}

/* Where memory would be one run with what the file has around @at. */
static u64 goal_near(const struct holdfast_runs *runs, u64 at)
{
	u32 index = holdfast_runs_find(runs, at);
	const struct holdfast_run *run;

	if (index) {
		run = &runs->list[index - 1];
		return run->offset + (at - run->at);
	}
	if (index < runs->count) {
		run = &runs->list[index];
		if (run->at - at < run->offset)
			return run->offset - (run->at - at);
	}
	return 0;
}

/* What limits leave for the file. The draft is charged when it is published. */
static u64 room(const struct holdfast_draft *draft)
{
	return holdfast_account_room(holdfast_inode(draft->inode)->node->account);
}

/* Take one run for a hole that starts at @at. */
static int take_run(struct holdfast_fs *fs, struct holdfast_draft *draft,
		    u64 at, u64 length, bool more, u64 *got)
{
	const struct holdfast_runs *runs = &holdfast_inode(draft->inode)->runs;
	struct holdfast_wish wish = {
		.page = largest_page(draft->inode, at + length),
	};
	struct holdfast_run run = { .at = at };
	int err;

	wish.phase = at & (wish.page - 1);
	wish.goal = holdfast_runs_end(&draft->runs) ?
		    goal_near(&draft->runs, at) : goal_near(runs, at);
	if (more && at >= holdfast_runs_end(runs) &&
	    !holdfast_space_is_free(&fs->space, wish.goal, length) &&
	    room(draft) == U64_MAX)
		length = ahead(fs, runs, length);
	run.length = length;
	run.offset = holdfast_placement_alloc(draft->inode, &wish, &run.length);
	if (!run.offset)
		return -ENOSPC;
	err = holdfast_runs_add(&draft->runs, &run);
	if (err)
		holdfast_space_free(&fs->space, run.offset, run.length);
	*got = run.length;
	return err;
}

/* The first hole in [*at, to): moves *at there, and returns where it ends. */
static u64 next_hole(const struct holdfast_runs *runs, u64 *at, u64 to)
{
	u32 index = holdfast_runs_find(runs, *at);

	while (index < runs->count && runs->list[index].at <= *at) {
		*at = holdfast_run_end(&runs->list[index]);
		index++;
	}
	return index < runs->count ? min(to, runs->list[index].at) : to;
}

static u64 holes_in(const struct holdfast_runs *runs, u64 from, u64 to)
{
	u64 bytes = 0, end;

	for (; from < to; from = end) {
		end = next_hole(runs, &from, to);
		if (end > from)
			bytes += end - from;
	}
	return bytes;
}

static int take_locked(struct holdfast_fs *fs, struct holdfast_draft *draft,
		       u64 from, u64 to, bool more)
{
	const struct holdfast_runs *runs = &holdfast_inode(draft->inode)->runs;
	u64 wanted, end, got;
	int err;

	wanted = holes_in(runs, from, to);
	if (wanted > holdfast_space_free_in(&fs->space,
					    holdfast_placement_pools(draft->inode)))
		return -ENOSPC;
	if (wanted > room(draft))
		return -EDQUOT;
	for (end = next_hole(runs, &from, to); from < to;
	     end = next_hole(runs, &from, to)) {
		for (; from < end; from += got) {
			err = take_run(fs, draft, from, end - from,
				       more && end == to, &got);
			if (err)
				return err;
		}
	}
	return 0;
}

/**
 * holdfast_draft_take() - take memory for the holes in a part of a file
 * @draft: out: the memory; not cleared
 * @inode: the file
 * @from: where the part starts, in bytes; rounded down to a block
 * @to: where it ends, in bytes; rounded up
 * @more: the file is going to grow: take more at its end if that helps
 *
 * Return: 0, -ENOSPC, -EDQUOT, -ENOMEM; then nothing is taken.
 */
int holdfast_draft_take(struct holdfast_draft *draft, struct inode *inode,
			u64 from, u64 to, bool more)
{
	struct holdfast_inode *own = holdfast_inode(inode);
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	int err;

	*draft = (struct holdfast_draft) { .inode = inode };
	down_read(&own->runs_lock);
	mutex_lock(&fs->lock);
<#if devicePages>
	holdfast_quarantine_drain(fs);
</#if>
	err = take_locked(fs, draft, round_down(from, HOLDFAST_BLOCK_SIZE),
			  round_up(to, HOLDFAST_BLOCK_SIZE), more);
	mutex_unlock(&fs->lock);
	up_read(&own->runs_lock);
	if (err)
		holdfast_draft_drop(draft);
	return err;
}

/**
 * holdfast_draft_at() - kernel address of a byte of a draft
 * @draft: the draft
 * @position: offset in the file, in bytes
 * @length: out: bytes that follow there without a break
 *
 * Return: the address, or NULL if the draft has no memory there.
 */
void *holdfast_draft_at(const struct holdfast_draft *draft, u64 position,
			u64 *length)
{
	u64 offset = holdfast_runs_at(&draft->runs, position, length);

	return offset ?
	       holdfast_region_at(&holdfast_fs(draft->inode->i_sb)->region,
				  offset) : NULL;
}

static int clear(void *memory, u64 length)
{
	while (length) {
		u64 part = min_t(u64, length, SZ_2M);

		memset(memory, 0, part);
		memory += part;
		length -= part;
		if (length && fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static int clear_between(struct holdfast_draft *draft, u64 from, u64 to)
{
	u64 length;
	void *memory;
	int err;

	for (; from < to; from += length) {
		memory = holdfast_draft_at(draft, from, &length);
		length = min(length, to - from);
		holdfast_watch_scrub(&holdfast_fs(draft->inode->i_sb)->watch,
				     length);
		err = clear(memory, length);
		if (err)
			return err;
	}
	return 0;
}

/**
 * holdfast_draft_clear() - clear a draft, except for what was written into it
 * @draft: the draft
 * @from: where the part starts in the file that was written, in bytes
 * @to: where it ends
 *
 * Return: 0, or -EINTR if the caller is being killed.
 */
int holdfast_draft_clear(struct holdfast_draft *draft, u64 from, u64 to)
{
	u32 i;

	for (i = 0; i < draft->runs.count; i++) {
		const struct holdfast_run *run = &draft->runs.list[i];
		u64 end = holdfast_run_end(run);
		int err;

		err = clear_between(draft, run->at, min(end, from));
		if (!err)
			err = clear_between(draft, max(run->at, to), end);
		if (err)
			return err;
	}
	return 0;
}

/* Give back what a draft has in a part of the file. */
static int give_back_locked(struct holdfast_fs *fs, struct holdfast_draft *draft,
			    u64 from, u64 to)
{
	u64 offset, length;
	int err;

	for (; from < to; from += length) {
		offset = holdfast_runs_at(&draft->runs, from, &length);
		length = min(length, to - from);
		if (!offset)
			continue;
		err = holdfast_runs_cut(&draft->runs, from, from + length);
		if (err)
			return err;
		holdfast_space_free(&fs->space, offset, length);
	}
	return 0;
}

/**
 * holdfast_draft_shorten() - give back the end of a draft
 * @draft: the draft
 * @end: offset in the file where it shall end, in bytes; rounded up to a block
 */
void holdfast_draft_shorten(struct holdfast_draft *draft, u64 end)
{
	struct holdfast_fs *fs = holdfast_fs(draft->inode->i_sb);

	mutex_lock(&fs->lock);
	/* Nothing is split, so that this needs no memory. */
	give_back_locked(fs, draft, round_up(end, HOLDFAST_BLOCK_SIZE),
			 holdfast_runs_end(&draft->runs));
	mutex_unlock(&fs->lock);
}

/**
 * holdfast_draft_drop() - give all of a draft back
 * @draft: the draft
 */
void holdfast_draft_drop(struct holdfast_draft *draft)
{
	holdfast_draft_shorten(draft, 0);
	holdfast_runs_free(&draft->runs);
}

/*
 * A page fault filled [from, to) in the meantime: what it got stays, with the
 * bytes that were written into the draft.
 */
static int yield_locked(struct holdfast_fs *fs, struct holdfast_draft *draft,
			const struct holdfast_run *run, u64 from, u64 to)
{
	u64 at, mine, length;

	for (at = max(run->at, from); at < min(holdfast_run_end(run), to);
	     at += length) {
		mine = holdfast_runs_at(&draft->runs, at, &length);
		length = min(length, min(holdfast_run_end(run), to) - at);
		if (mine)
			memcpy(holdfast_region_at(&fs->region, run->offset +
						  (at - run->at)),
			       holdfast_region_at(&fs->region, mine), length);
	}
	return give_back_locked(fs, draft, run->at, holdfast_run_end(run));
}

static int settle_locked(struct holdfast_fs *fs, struct holdfast_draft *draft,
			 u64 from, u64 to)
{
	const struct holdfast_runs *now = &holdfast_inode(draft->inode)->runs;
	u64 end = holdfast_runs_end(&draft->runs);
	u32 i;
	int err;

	if (!draft->runs.count)
		return 0;
	for (i = holdfast_runs_find(now, draft->runs.list[0].at);
	     i < now->count && now->list[i].at < end; i++) {
		err = yield_locked(fs, draft, &now->list[i], from, to);
		if (err)
			return err;
	}
	return 0;
}

static int add_locked(struct holdfast_draft *draft)
{
	struct holdfast_inode *own = holdfast_inode(draft->inode);
	struct holdfast_account *account = own->node->account;
	u64 bytes = holdfast_runs_bytes(&draft->runs);
	struct holdfast_runs next;
	u32 i;
	int err;

	err = holdfast_account_charge(account, bytes, 0);
	if (err)
		return err;
	err = holdfast_runs_copy(&next, &own->runs, draft->runs.count);
	for (i = 0; !err && i < draft->runs.count; i++)
		err = holdfast_runs_add(&next, &draft->runs.list[i]);
	if (!err)
		err = holdfast_store_locked(draft->inode, &next, false);
	if (err)
		holdfast_account_release(account, bytes, 0);
	holdfast_runs_free(&next);
	return err;
}

/**
 * holdfast_draft_publish() - give a draft to its file
 * @draft: the draft; gone afterwards
 * @from: where the part of the file starts that the caller wrote, in bytes
 * @to: where it ends
 * @size: size of the file from now on, in bytes, or HOLDFAST_SAME_SIZE
 *
 * When it returns 0, the file has all of it and is on the region.
 *
 * Return: 0, -ENOMEM, -EDQUOT, or as holdfast_store_locked(); then nothing has changed.
 */
int holdfast_draft_publish(struct holdfast_draft *draft, u64 from, u64 to,
			   u64 size)
{
	struct holdfast_inode *own = holdfast_inode(draft->inode);
	struct inode *inode = draft->inode;
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	u64 had = i_size_read(inode);
	int err;

	down_write(&own->runs_lock);
	mutex_lock(&fs->lock);
	err = settle_locked(fs, draft, from, to);
	if (size != HOLDFAST_SAME_SIZE)
		i_size_write(inode, size);
	if (!err && draft->runs.count)
		err = add_locked(draft);
	else if (!err)
		holdfast_inode_commit_locked(inode, HOLDFAST_NO_RECORD);
	if (err && size != HOLDFAST_SAME_SIZE)
		i_size_write(inode, had);
	mutex_unlock(&fs->lock);
	up_write(&own->runs_lock);
	if (err)
		holdfast_draft_drop(draft);
	else
		holdfast_runs_free(&draft->runs);
	return err;
}
