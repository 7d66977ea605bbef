// SPDX-License-Identifier: GPL-2.0-only
/*
 * HOLDFAST_IOC_LAYOUT: what every part of a region is, as it is committed. What
 * is told neither as used nor as free is held for a while: by a file that is
 * growing, or by one that was removed and is still open; or it is kept aside
 * because it looks like the memory of a damaged record.
 */
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/xarray.h>

#include ${layout.uapi()}
#include "ranges.h"
#include "vfs.h"

/* The lock is held for one call: what it tells and verifies has a limit. */
#define AREAS_MAX	1024U
#define RECORDS_MAX	1024U

/*
 * A cursor is a stage and a place in it: the number of a fixed area; a record
 * and how many of its areas were told; an offset in the region.
 */
#define STAGE_SHIFT	62
#define STAGE_FIXED	0ULL
#define STAGE_FILES	1ULL
#define STAGE_FREE	2ULL
#define PLACE_MASK	((1ULL << STAGE_SHIFT) - 1)
#define RECORD_SHIFT	24
#define TOLD_MASK	((1ULL << RECORD_SHIFT) - 1)

/**
 * struct listing - one call
 * @fs: the file system, locked
 * @areas: where the areas go
 * @room: how many there is room for
 * @count: how many there are
 * @cursor: where to go on
 * @owner: the current record
 * @seen: areas of it that were passed
 * @skip: areas of it that are told already
 */
struct listing {
	struct holdfast_fs *fs;
	struct holdfast_layout_area *areas;
	u32 room;
	u32 count;
	u64 cursor;
	u64 owner;
	u64 seen;
	u64 skip;
};

static void go_on(struct listing *list, u64 stage, u64 place)
{
	list->cursor = stage << STAGE_SHIFT | place;
}

/* Returns false if there is no room. */
static bool tell(struct listing *list, u32 kind, u64 start, u64 length)
{
	if (list->count == list->room)
		return false;
	list->areas[list->count++] = (struct holdfast_layout_area) {
		.kind = kind,
		.owner = HOLDFAST_LAYOUT_NOBODY,
		.region_offset = start,
		.physical = list->fs->region.base + start,
		.length = length,
	};
	return true;
}

/* Returns false if there is no room. */
static bool list_heads(struct listing *list, u64 from)
{
	const struct holdfast_superblock *sb = &list->fs->superblock;
	u64 base = le64_to_cpu(sb->base), i;

	for (i = (list->cursor & PLACE_MASK) - from;
	     i < 2 * holdfast_ranges_count(sb); i++) {
		u64 head = le64_to_cpu(sb->ranges[i / 2].physical) - base +
			   i % 2 * HOLDFAST_SUPERBLOCK_COPY_STRIDE;

		go_on(list, STAGE_FIXED, from + i);
		if (!tell(list, HOLDFAST_LAYOUT_KIND_RANGE_HEAD, head,
			  sizeof(struct holdfast_range_head)))
			return false;
	}
	return true;
}

/* Returns false if there is no room. */
static bool list_fixed(struct listing *list)
{
	const struct holdfast_superblock *sb = &list->fs->superblock;
	u64 table = (u64)list->fs->records.slots *
		    sizeof(struct holdfast_record);
	const struct {
		u32 kind;
		u64 start;
		u64 length;
	} fixed[] = {
		{ HOLDFAST_LAYOUT_KIND_SUPERBLOCK, 0, sizeof(*sb) },
		{ HOLDFAST_LAYOUT_KIND_SUPERBLOCK,
		  HOLDFAST_SUPERBLOCK_COPY_STRIDE, sizeof(*sb) },
		{ HOLDFAST_LAYOUT_KIND_TABLE, le64_to_cpu(sb->table_a), table },
		{ HOLDFAST_LAYOUT_KIND_TABLE, le64_to_cpu(sb->table_b), table },
	};
	u64 i, first;

	for (i = list->cursor & PLACE_MASK; i < ARRAY_SIZE(fixed); i++) {
		go_on(list, STAGE_FIXED, i);
		if (!tell(list, fixed[i].kind, fixed[i].start, fixed[i].length))
			return false;
	}
	for (; i < ARRAY_SIZE(fixed) + HOLDFAST_SPARE_LEAVES; i++) {
		u64 spare = list->fs->spare[i - ARRAY_SIZE(fixed)];

		go_on(list, STAGE_FIXED, i);
		if (spare && !tell(list, HOLDFAST_LAYOUT_KIND_LEAF, spare,
				   HOLDFAST_LEAF_RUN))
			return false;
	}
	first = ARRAY_SIZE(fixed) + HOLDFAST_SPARE_LEAVES;
	for (; i < first + le32_to_cpu(sb->retired_count); i++) {
		const struct holdfast_extent *run = &sb->retired[i - first];

		go_on(list, STAGE_FIXED, i);
		if (!tell(list, HOLDFAST_LAYOUT_KIND_RETIRED,
			  le64_to_cpu(run->region_offset),
			  le64_to_cpu(run->length)))
			return false;
	}
	go_on(list, STAGE_FIXED, i);
	first += le32_to_cpu(sb->retired_count);
	if (!list_heads(list, first))
		return false;
	go_on(list, STAGE_FILES, 0);
	return true;
}

static int list_extent(struct holdfast_fs *fs,
		       const struct holdfast_extent *extent, bool leaf,
		       void *context)
{
	struct listing *list = context;
	u32 kind = leaf ? HOLDFAST_LAYOUT_KIND_LEAF :
			  HOLDFAST_LAYOUT_KIND_EXTENT;

	if (list->seen++ < list->skip)
		return 0;
	if (!tell(list, kind, le64_to_cpu(extent->region_offset),
		  le64_to_cpu(extent->length)))
		return -ENOSPC;
	list->areas[list->count - 1].owner = list->owner;
	if (!leaf)
		list->areas[list->count - 1].file_offset =
			le64_to_cpu(extent->file_offset);
	list->cursor++;
	return 0;
}

/* Returns false if there is no room. What damage hides is not told. */
static bool list_record(struct listing *list,
			const struct holdfast_record *record)
{
	list->owner = le64_to_cpu(record->number);
	list->seen = 0;
	return holdfast_store_walk(list->fs, record, list_extent, list) !=
	       -ENOSPC;
}

/* Returns false if there is no room, or enough was done. */
static bool list_files(struct listing *list)
{
	unsigned long number = (list->cursor & PLACE_MASK) >> RECORD_SHIFT;
	unsigned long first = number;
	struct holdfast_fs *fs = list->fs;
	const struct holdfast_record *record;
	u32 looked_at = 0;
	void *node;

	list->skip = list->cursor & TOLD_MASK;
	/* Nodes can go at any time, their numbers and records cannot. */
	xa_for_each_start(&fs->tree.nodes, number, node, first) {
		if (number != first)
			list->skip = 0;
		go_on(list, STAGE_FILES,
		      (u64)number << RECORD_SHIFT | list->skip);
		if (looked_at++ == RECORDS_MAX)
			return false;
		if (holdfast_records_get(&fs->records, number, &record) ==
		    HOLDFAST_SLOT_USED && !list_record(list, record))
			return false;
	}
	go_on(list, STAGE_FREE, 0);
	return true;
}

/* Returns false if there is no room. */
static bool list_free(struct listing *list)
{
	u64 start = list->cursor & PLACE_MASK;
	u64 length;

	while (holdfast_space_next(&list->fs->space, &start, &length)) {
		if (!tell(list, HOLDFAST_LAYOUT_KIND_FREE, start, length))
			return false;
		start += length;
		go_on(list, STAGE_FREE, start);
	}
	list->cursor = HOLDFAST_LAYOUT_END;
	return true;
}

static void fill(struct listing *list)
{
	bool more = true;

	while (more) {
		switch (list->cursor >> STAGE_SHIFT) {
		case STAGE_FIXED:
			more = list_fixed(list);
			break;
		case STAGE_FILES:
			more = list_files(list);
			break;
		case STAGE_FREE:
			more = list_free(list);
			break;
		default:
			list->cursor = HOLDFAST_LAYOUT_END;
			more = false;
		}
	}
}

/**
 * holdfast_layout() - HOLDFAST_IOC_LAYOUT
 * @file: any file or directory of the region
 * @user: a struct holdfast_layout_args
 *
 * Return: 0, -EPERM without CAP_SYS_ADMIN, or another negative errno.
 */
int holdfast_layout(struct file *file, void __user *user)
{
	struct holdfast_fs *fs = holdfast_fs(file_inode(file)->i_sb);
	struct holdfast_layout_args args;
	struct listing list = { .fs = fs };
	int err = 0;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.size != sizeof(args) || !args.count)
		return -EINVAL;

	/* User memory can be that of a file here: it is written unlocked. */
	list.room = min(args.count, AREAS_MAX);
	list.areas = kvcalloc(list.room, sizeof(*list.areas), GFP_KERNEL);
	if (!list.areas)
		return -ENOMEM;
	list.cursor = args.cursor;
	mutex_lock(&fs->lock);
	fill(&list);
	args.sequence = fs->records.sequence;
	mutex_unlock(&fs->lock);

	args.cursor = list.cursor;
	args.count = list.count;
	if (copy_to_user(u64_to_user_ptr(args.areas), list.areas,
			 list.count * sizeof(*list.areas)) ||
	    copy_to_user(user, &args, sizeof(args)))
		err = -EFAULT;
	kvfree(list.areas);
	return err;
}
