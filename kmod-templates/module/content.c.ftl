<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a file. Its extents cover it from the start without a hole, up
 * to and perhaps beyond its size. Memory is cleared when a file gets it, so
 * that what a file held never reaches another.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "vfs.h"

/**
 * holdfast_content_covered() - how much memory a file has
 * @record: its record
 *
 * Return: bytes.
 */
u64 holdfast_content_covered(const struct holdfast_record *record)
{
	u32 count = le32_to_cpu(record->extent_count);
	const struct holdfast_extent *last;

	if (!count)
		return 0;
	last = &record->extents[count - 1];
	return le64_to_cpu(last->file_offset) + le64_to_cpu(last->length);
}

/**
 * holdfast_content_find() - where a byte of a file is
 * @inode: the file; its extents are locked by the caller
 * @position: offset in the file, in bytes
 * @length: out: bytes of the file that follow there without a break
 *
 * Return: offset in the region, in bytes, or 0 if the file has no memory there.
 */
u64 holdfast_content_find(struct inode *inode, u64 position, u64 *length)
{
	const struct holdfast_record *record = &holdfast_inode(inode)->record;
	u32 low = 0, high = le32_to_cpu(record->extent_count);

	while (low < high) {
		u32 middle = (low + high) / 2;
		const struct holdfast_extent *extent = &record->extents[middle];
		u64 start = le64_to_cpu(extent->file_offset);
		u64 end = start + le64_to_cpu(extent->length);

		if (position < start) {
			high = middle;
		} else if (position >= end) {
			low = middle + 1;
		} else {
			*length = end - position;
			return le64_to_cpu(extent->region_offset) +
			       (position - start);
		}
	}
	return 0;
}

/**
 * holdfast_content_at() - kernel address of a byte of a file
 * @inode: the file; its extents are locked by the caller
 * @position: offset in the file, in bytes
 * @length: out: bytes of the file that follow there without a break
 *
 * Return: the address, or NULL if the file has no memory there.
 */
void *holdfast_content_at(struct inode *inode, u64 position, u64 *length)
{
	u64 offset = holdfast_content_find(inode, position, length);

	return offset ? holdfast_fs(inode->i_sb)->region.memory + offset : NULL;
}

/**
 * holdfast_content_zero() - clear a part of a file
 * @inode: the file, locked
 * @from: offset of the part, in bytes
 * @to: offset of its end, in bytes; what the file has no memory for is skipped
 */
void holdfast_content_zero(struct inode *inode, u64 from, u64 to)
{
	while (from < to) {
		void *memory;
		u64 length;

		memory = holdfast_content_at(inode, from, &length);
		if (!memory)
			return;
		length = min(length, to - from);
		memset(memory, 0, length);
		from += length;
	}
}

/* Clear memory that was taken but is not in a file yet. */
static int clear_run(struct holdfast_fs *fs, u64 start, u64 length)
{
	while (length) {
		u64 part = min_t(u64, length, SZ_2M);

		memset(fs->region.memory + start, 0, part);
		start += part;
		length -= part;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static int clear_beyond(struct holdfast_fs *fs,
			const struct holdfast_record *record, u64 keep)
{
	u32 i, count = le32_to_cpu(record->extent_count);

	for (i = 0; i < count; i++) {
		const struct holdfast_extent *extent = &record->extents[i];
		u64 at = le64_to_cpu(extent->file_offset);
		u64 length = le64_to_cpu(extent->length);
		u64 skip = keep > at ? min(keep - at, length) : 0;
		int err;

		err = clear_run(fs, le64_to_cpu(extent->region_offset) + skip,
				length - skip);
		if (err)
			return err;
	}
	return 0;
}

/*
 * Files that are written in turn would take turns in memory too, block by block,
 * until a record is full of extents. A file that cannot go on where it ends
 * therefore takes as much as it has already.
 */
static u64 ahead(const struct holdfast_fs *fs,
		 const struct holdfast_record *record, u64 wanted)
{
	u64 more = min(holdfast_content_covered(record),
		       round_down(fs->space.free / 4, HOLDFAST_BLOCK_SIZE));

	return max(wanted, more);
}

/* Append one run to the extents of @record, merged with the last if it can be. */
static int append_run(struct holdfast_fs *fs, struct holdfast_record *record,
		      u64 wanted, bool more, u64 *got)
{
	u32 count = le32_to_cpu(record->extent_count);
	struct holdfast_extent *last = NULL;
	u64 start, goal = 0, length = wanted;

	if (count) {
		last = &record->extents[count - 1];
		goal = le64_to_cpu(last->region_offset) +
		       le64_to_cpu(last->length);
	}
	if (more && !holdfast_space_is_free(&fs->space, goal, wanted))
		length = ahead(fs, record, wanted);
	start = holdfast_space_alloc(&fs->space, goal, &length);
	if (!start)
		return -ENOSPC;
	*got = length;
	if (last && start == goal) {
		le64_add_cpu(&last->length, length);
		return 0;
	}
	if (count == HOLDFAST_RECORD_EXTENTS) {
		holdfast_space_free(&fs->space, start, length);
		return -EFBIG;
	}
	record->extents[count] = (struct holdfast_extent) {
		.file_offset = cpu_to_le64(holdfast_content_covered(record)),
		.region_offset = cpu_to_le64(start),
		.length = cpu_to_le64(length),
	};
	le32_add_cpu(&record->extent_count, 1);
	return 0;
}

static int append_locked(struct holdfast_fs *fs, struct holdfast_record *record,
			 u64 wanted, bool more)
{
	u64 keep = holdfast_content_covered(record);

	if (wanted > fs->space.free)
		return -ENOSPC;
	while (wanted) {
		u64 got;
		int err = append_run(fs, record, wanted, more, &got);

		if (err) {
			holdfast_content_release_locked(fs, record, keep);
			return err;
		}
		wanted -= min(wanted, got);
	}
	return 0;
}

/**
 * holdfast_content_release_locked() - take memory away from a record
 * @fs: the file system, locked
 * @record: the record
 * @keep: bytes that it keeps, a multiple of the block size
 */
void holdfast_content_release_locked(struct holdfast_fs *fs,
				     struct holdfast_record *record, u64 keep)
{
	u32 count = le32_to_cpu(record->extent_count);

	while (count) {
		struct holdfast_extent *last = &record->extents[count - 1];
		u64 at = le64_to_cpu(last->file_offset);
		u64 start = le64_to_cpu(last->region_offset);
		u64 length = le64_to_cpu(last->length);
		u64 stay = keep > at ? min(keep - at, length) : 0;

		if (stay < length)
			holdfast_space_free(&fs->space, start + stay,
					    length - stay);
		if (stay) {
			last->length = cpu_to_le64(stay);
			break;
		}
		memset(last, 0, sizeof(*last));
		count--;
	}
	record->extent_count = cpu_to_le32(count);
}

/**
 * holdfast_content_reserve() - give a file cleared memory
 * @inode: the file, locked for writing
 * @end: offset up to which it shall have memory, in bytes
 * @more: it may get more than that, since it goes on growing
 *
 * The memory belongs to the file from the next commit on.
 *
 * Return: 0, -ENOSPC, -EFBIG (more extents than a record holds), -EINTR (being
 * killed), -ENOMEM. On failure nothing has changed.
 */
int holdfast_content_reserve(struct inode *inode, u64 end, bool more)
{
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	struct holdfast_record *own = &holdfast_inode(inode)->record;
	u64 keep = holdfast_content_covered(own);
	struct holdfast_record *grown;
	int err;

	end = round_up(end, HOLDFAST_BLOCK_SIZE);
	if (end <= keep)
		return 0;
	grown = ${object("kmalloc", "grown")};
	if (!grown)
		return -ENOMEM;

	mutex_lock(&fs->lock);
	*grown = *own;
	err = append_locked(fs, grown, end - keep, more);
	mutex_unlock(&fs->lock);
	if (err)
		goto out;

	err = clear_beyond(fs, grown, keep);
	filemap_invalidate_lock(inode->i_mapping);
	mutex_lock(&fs->lock);
	if (err) {
		holdfast_content_release_locked(fs, grown, keep);
	} else {
		memcpy(own->extents, grown->extents, sizeof(own->extents));
		own->extent_count = grown->extent_count;
		inode_set_bytes(inode, holdfast_content_covered(own));
	}
	mutex_unlock(&fs->lock);
	filemap_invalidate_unlock(inode->i_mapping);
out:
	kfree(grown);
	return err;
}

/**
 * holdfast_content_trim() - make a file smaller
 * @inode: the file, locked for writing
 * @size: its new size, in bytes, not above the old one
 * @keep: memory that it keeps, in bytes, a multiple of the block size, enough
 *	for @size
 *
 * When it returns, the change is on the region, no mapping reaches the memory
 * that was given back, and the rest of the last block is clear.
 */
void holdfast_content_trim(struct inode *inode, u64 size, u64 keep)
{
	struct holdfast_record *record = &holdfast_inode(inode)->record;
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	u64 end = round_up(size, HOLDFAST_BLOCK_SIZE);

	filemap_invalidate_lock(inode->i_mapping);
	i_size_write(inode, size);
	unmap_mapping_range(inode->i_mapping, end, 0, 1);
	mutex_lock(&fs->lock);
	holdfast_content_release_locked(fs, record, keep);
	inode_set_bytes(inode, holdfast_content_covered(record));
	holdfast_inode_commit_locked(inode, HOLDFAST_NO_RECORD);
	mutex_unlock(&fs->lock);
	holdfast_content_zero(inode, size, end);
	filemap_invalidate_unlock(inode->i_mapping);
}
