<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a file: finding it, filling its holes, making holes. Where the
 * format knows no holes, files have none: what grows gets its memory at once.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include "retired.h"
#include "vfs.h"

/*
 * The retired page of a file that is at @offset, or the next one: puts into
 * @length how far it reaches, or how far it is. Seldom is anything retired.
 */
static bool is_lost(struct holdfast_fs *fs, u64 offset, u64 *length)
{
	u64 lost;

	if (!READ_ONCE(fs->superblock.retired_count))
		return false;
	down_read(&fs->retired_lock);
	lost = holdfast_retired_next(&fs->superblock, offset, offset + *length);
	up_read(&fs->retired_lock);
	if (lost > offset)
		*length = lost - offset;
	else
		*length = HOLDFAST_BLOCK_SIZE - offset % HOLDFAST_BLOCK_SIZE;
	return lost == offset;
}

/**
 * holdfast_content_find() - where a byte of a file is
 * @inode: the file; the caller holds its inode lock or its invalidate_lock,
 *	shared at least, as long as it uses what it finds
 * @position: offset in the file, in bytes
 * @length: out: bytes that follow there without a break, or length of the hole
 *
 * Return: offset in the region, in bytes, 0 in a hole, or HOLDFAST_LOST.
 */
u64 holdfast_content_find(struct inode *inode, u64 position, u64 *length)
{
	struct holdfast_inode *own = holdfast_inode(inode);
	u64 offset;

	down_read(&own->runs_lock);
	offset = holdfast_runs_at(&own->runs, position, length);
	up_read(&own->runs_lock);
	if (offset && is_lost(holdfast_fs(inode->i_sb), offset, length))
		return HOLDFAST_LOST;
	return offset;
}

/**
 * holdfast_content_at() - kernel address of a byte of a file
 * @inode: as for holdfast_content_find()
 * @position: offset in the file, in bytes
 * @length: out: bytes that follow there without a break, or length of the hole
 *
 * Return: the address, NULL in a hole, or ERR_PTR(-EIO) if what was there is
 * lost.
 */
void *holdfast_content_at(struct inode *inode, u64 position, u64 *length)
{
	u64 offset = holdfast_content_find(inode, position, length);

	if (offset == HOLDFAST_LOST)
		return ERR_PTR(-EIO);
	return offset ? holdfast_region_at(&holdfast_fs(inode->i_sb)->region,
					   offset) : NULL;
}

/**
 * holdfast_content_zero() - clear a part of a file
 * @inode: the file, locked
 * @from: offset of the part, in bytes
 * @to: offset of its end, in bytes; holes stay holes
 */
void holdfast_content_zero(struct inode *inode, u64 from, u64 to)
{
	u64 length;

	for (; from < to; from += length) {
		void *memory = holdfast_content_at(inode, from, &length);

		length = min(length, to - from);
		if (IS_ERR_OR_NULL(memory))
			continue;
		length = min_t(u64, length, SZ_2M);
		memset(memory, 0, length);
		holdfast_watch_scrub(&holdfast_fs(inode->i_sb)->watch, length);
		cond_resched();
	}
}

/**
 * holdfast_content_fill() - give a file clear memory where it has holes
 * @inode: the file; its inode lock or its invalidate_lock is held
 * @from: where the part starts that shall have no holes, in bytes
 * @to: where it ends
 *
 * Return: 0, -ENOSPC, -EDQUOT, -ENOMEM, -EFBIG, or -EINTR if the caller is being
 * killed; then nothing has changed.
 */
int holdfast_content_fill(struct inode *inode, u64 from, u64 to)
{
	struct holdfast_draft draft;
	int err;

	err = holdfast_draft_take(&draft, inode, from, to, false);
	if (err || !draft.runs.count)
		return err;
	err = holdfast_draft_clear(&draft, 0, 0);
	if (err) {
		holdfast_draft_drop(&draft);
		return err;
	}
	return holdfast_draft_publish(&draft, 0, 0, HOLDFAST_SAME_SIZE);
}

/**
 * holdfast_content_touch() - fill the hole that a page fault met
 * @inode: the file; its invalidate_lock is held
 * @position: where, in bytes
 * @page: how much at a time, in bytes, a power of two
 *
 * Return: as holdfast_content_fill().
 */
int holdfast_content_touch(struct inode *inode, u64 position, u64 page)
{
	u64 from = round_down(position, page);
	u64 to = min_t(u64, from + page,
		       round_up(i_size_read(inode), HOLDFAST_BLOCK_SIZE));

	return holdfast_content_fill(inode, from, to);
}

/* Give back what a file had between two places; returns how much that was. */
static u64 free_between(struct holdfast_fs *fs,
			const struct holdfast_runs *had, u64 from, u64 to)
{
	u64 bytes = 0;
	u32 i;

	for (i = holdfast_runs_find(had, from);
	     i < had->count && had->list[i].at < to; i++) {
		const struct holdfast_run *run = &had->list[i];
		u64 start = max(run->at, from);
		u64 end = min(holdfast_run_end(run), to);

<#if devicePages>
		holdfast_quarantine_free(fs, run->offset + (start - run->at),
					 end - start);
<#else>
		holdfast_space_free(&fs->space,
				    run->offset + (start - run->at),
				    end - start);
</#if>
		bytes += end - start;
	}
	return bytes;
}

/*
 * Take [from, to) out of a file and move what follows by @shift. Nothing is
 * mapped behind @from any more, and nothing can be.
 */
static int remove_locked(struct inode *inode, u64 from, u64 to, s64 shift,
			 u64 size)
{
	struct holdfast_inode *own = holdfast_inode(inode);
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	u64 had = i_size_read(inode);
	struct holdfast_runs next;
	int err;

	down_write(&own->runs_lock);
	mutex_lock(&fs->lock);
	/* A cut and a shift each split one run at most. */
	err = holdfast_runs_copy(&next, &own->runs, 2);
	if (!err)
		err = holdfast_runs_cut(&next, from, to);
	if (!err && shift)
		err = holdfast_runs_shift(&next, to, shift);
	if (!err) {
		i_size_write(inode, size);
		err = holdfast_store_locked(inode, &next, !shift);
		if (err)
			i_size_write(inode, had);
		else
			holdfast_account_release(own->node->account,
						 free_between(fs, &next, from,
							      to), 0);
	}
	mutex_unlock(&fs->lock);
	up_write(&own->runs_lock);
	holdfast_runs_free(&next);
	return err;
}

/*
 * Take a part of a file out of every mapping, with what private mappings wrote
 * there if @copies. A length of 0 is all that follows.
 */
static void unmap(struct inode *inode, u64 from, u64 length, bool copies)
{
<#if huge>
	/* An entry of 1G goes as a whole, or the kernel would have to split it. */
	if (holdfast_fs(inode->i_sb)->page_shift == PUD_SHIFT)
		unmap_mapping_range(inode->i_mapping, 0, 0, 0);
</#if>
	unmap_mapping_range(inode->i_mapping, from, length, copies);
}

/**
 * holdfast_content_trim() - make a file smaller
 * @inode: the file, locked for writing
 * @size: its new size, in bytes, not above the old one
 *
 * When it returns 0, the change is on the region, no mapping reaches the memory
 * that was given back, and the rest of the last block is clear.
 *
 * Return: 0 or -ENOMEM; then nothing has changed.
 */
int holdfast_content_trim(struct inode *inode, u64 size)
{
	u64 end = round_up(size, HOLDFAST_BLOCK_SIZE);
	int err;

	filemap_invalidate_lock(inode->i_mapping);
	unmap(inode, end, 0, true);
	err = remove_locked(inode, end, HOLDFAST_FILE_MAX, 0, size);
	if (!err)
		holdfast_content_zero(inode, size, end);
	filemap_invalidate_unlock(inode->i_mapping);
	return err;
}

/**
 * holdfast_content_punch() - make a hole
 * @inode: the file, locked for writing
 * @from: where it starts, in bytes
 * @to: where it ends; blocks that are not whole are cleared
 *
 * Return: 0, -ENOMEM, -EFBIG; then nothing has changed.
 */
int holdfast_content_punch(struct inode *inode, u64 from, u64 to)
{
	u64 first = round_up(from, HOLDFAST_BLOCK_SIZE);
	u64 last = round_down(to, HOLDFAST_BLOCK_SIZE);
	int err = 0;

	filemap_invalidate_lock(inode->i_mapping);
	if (first < last) {
		unmap(inode, first, last - first, false);
		err = remove_locked(inode, first, last, 0, i_size_read(inode));
	}
	if (!err)
		holdfast_content_zero(inode, from, to);
	filemap_invalidate_unlock(inode->i_mapping);
	return err;
}

/**
 * holdfast_content_collapse() - take a part out of a file, without a hole
 * @inode: the file, locked for writing
 * @from: where the part starts, in bytes, a multiple of the block size
 * @to: where it ends, a multiple of the block size, below the end of the file
 *
 * Return: 0, -ENOMEM, -ENOSPC, -EFBIG; then nothing has changed.
 */
int holdfast_content_collapse(struct inode *inode, u64 from, u64 to)
{
	int err;

	filemap_invalidate_lock(inode->i_mapping);
	unmap(inode, from, 0, true);
	err = remove_locked(inode, from, to, -(s64)(to - from),
			    i_size_read(inode) - (to - from));
	filemap_invalidate_unlock(inode->i_mapping);
	return err;
}

/**
 * holdfast_content_insert() - put a hole into a file and move what follows
 * @inode: the file, locked for writing
 * @at: where, in bytes, a multiple of the block size, below the end of the file
 * @length: length of the hole, a multiple of the block size
 *
 * Return: 0, -ENOMEM, -ENOSPC, -EFBIG; then nothing has changed.
 */
int holdfast_content_insert(struct inode *inode, u64 at, u64 length)
{
	int err;

	filemap_invalidate_lock(inode->i_mapping);
	unmap(inode, at, 0, true);
	err = remove_locked(inode, at, at, length, i_size_read(inode) + length);
	filemap_invalidate_unlock(inode->i_mapping);
	return err;
}

/* Give a file another page at @at in place of @page, with the same content. */
static int move_page_locked(struct inode *inode, u64 at, u64 page)
{
	struct holdfast_wish wish = { .page = HOLDFAST_BLOCK_SIZE };
	struct holdfast_inode *own = holdfast_inode(inode);
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	struct holdfast_run run = {
		.at = at,
		.length = HOLDFAST_BLOCK_SIZE,
	};
	struct holdfast_runs next;
	int err;

	run.offset = holdfast_placement_alloc(inode, &wish, &run.length);
	if (!run.offset)
		return -ENOSPC;
	memcpy(holdfast_region_at(&fs->region, run.offset),
	       holdfast_region_at(&fs->region, page), HOLDFAST_BLOCK_SIZE);
	/* The cut splits one run, and the page may be one of its own. */
	err = holdfast_runs_copy(&next, &own->runs, 2);
	if (!err)
		err = holdfast_runs_cut(&next, at, at + HOLDFAST_BLOCK_SIZE);
	if (!err)
		err = holdfast_runs_add(&next, &run);
	if (!err)
		err = holdfast_store_locked(inode, &next, false);
	if (err)
		holdfast_space_free(&fs->space, run.offset, run.length);
	holdfast_runs_free(&next);
	return err;
}

/**
 * holdfast_content_leave() - move the content of a page to another page
 * @inode: the file, locked for writing
 * @page: offset of the page in the region, in bytes
 *
 * When it returns 0, the change is on the region, nothing is mapped at @page,
 * and it is the caller's.
 *
 * Return: 0, -EBUSY if the page has no content of the file or somebody may have
 * it pinned, -ENOSPC, -ENOMEM, -EFBIG; then nothing has changed.
 */
int holdfast_content_leave(struct inode *inode, u64 page)
{
	struct holdfast_inode *own = holdfast_inode(inode);
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	int err = -EBUSY;
	bool here;
	u64 at;

	filemap_invalidate_lock(inode->i_mapping);
	down_read(&own->runs_lock);
	here = holdfast_runs_place(&own->runs, page, &at);
	up_read(&own->runs_lock);
	/* Only who holds both locks alone could take it away from there. */
	if (here) {
		unmap(inode, at, HOLDFAST_BLOCK_SIZE, false);
		down_write(&own->runs_lock);
		mutex_lock(&fs->lock);
<#if devicePages>
		/* What is written through a pin would not be in the copy. */
		if (!holdfast_quarantine_pins(fs, page))
			err = move_page_locked(inode, at, page);
<#else>
		err = move_page_locked(inode, at, page);
</#if>
		mutex_unlock(&fs->lock);
		up_write(&own->runs_lock);
	}
	filemap_invalidate_unlock(inode->i_mapping);
	return err;
}

<#if toldErrors>
/* What is not ready is not mapped: whoever maps it later looks at the list. */
static struct inode *hold(struct inode *inode)
{
<#if kernel.fact("inode_state") == "accessor">
	if (inode_state_read_once(inode) & I_NEW)
<#else>
	if (READ_ONCE(inode->i_state) & I_NEW)
</#if>
		return NULL;
	return igrab(inode);
}

/* The inode in memory after @last, or the first one; holds that in its place. */
static struct inode *next_inode(struct super_block *sb, struct inode *last)
{
	struct inode *inode = last, *held = NULL;

	spin_lock(&sb->s_inode_list_lock);
	inode = list_prepare_entry(inode, &sb->s_inodes, i_sb_list);
	list_for_each_entry_continue(inode, &sb->s_inodes, i_sb_list) {
		held = hold(inode);
		if (held)
			break;
	}
	spin_unlock(&sb->s_inode_list_lock);
	iput(last);
	return held;
}

static void unmap_page(struct inode *inode, u64 page)
{
	struct holdfast_inode *own = holdfast_inode(inode);
	bool here;
	u64 at;

	filemap_invalidate_lock(inode->i_mapping);
	down_read(&own->runs_lock);
	here = holdfast_runs_place(&own->runs, page, &at);
	up_read(&own->runs_lock);
	if (here)
		unmap(inode, at, HOLDFAST_BLOCK_SIZE, false);
	filemap_invalidate_unlock(inode->i_mapping);
}

/**
 * holdfast_content_lose() - a page was retired with what it held
 * @sb: the file system
 * @page: offset of the page in the region, in bytes, in the list
 *
 * When it returns, nothing is mapped there, and nothing will be: whose it is
 * now, nobody needs to know.
 */
void holdfast_content_lose(struct super_block *sb, u64 page)
{
	struct inode *inode = NULL;

	while ((inode = next_inode(sb, inode))) {
		unmap_page(inode, page);
		cond_resched();
	}
}

</#if>
/**
 * holdfast_content_seek() - find memory or a hole
 * @inode: the file, locked
 * @position: where to start, in bytes
 * @data: look for memory, not for a hole
 *
 * Return: offset in the file, in bytes, or -ENXIO.
 */
loff_t holdfast_content_seek(struct inode *inode, loff_t position, bool data)
{
	u64 size = i_size_read(inode), length;

	if (position < 0 || position >= size)
		return -ENXIO;
	while (position < size) {
		if (!!holdfast_content_find(inode, position, &length) == data)
			return position;
		position = min_t(u64, length, size - position) + position;
	}
	return data ? -ENXIO : size;
}
