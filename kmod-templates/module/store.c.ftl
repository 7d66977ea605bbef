<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the memory of a file is, in its record. A file with more extents than a
 * record holds has leaves. A change writes the leaves that it touches anew,
 * beside the old ones, and the commit of the record lets them take over.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/printk.h>

#include "leaves.h"
#include "vfs.h"

/* Leaves are filled up to here when one becomes several: some will grow. */
#define LEAF_FILL	(HOLDFAST_LEAF_EXTENTS * 2 / 3)

/* Fewer in a leaf are written together with its neighbour's. */
#define LEAF_FEW	(HOLDFAST_LEAF_EXTENTS / 3)

static int visit_list(struct holdfast_fs *fs,
		      const struct holdfast_extent *extents, u32 count,
		      holdfast_visit visit, void *context)
{
	u32 i;
	int err;

	for (i = 0; i < count; i++) {
		err = visit(fs, &extents[i], false, context);
		if (err)
			return err;
	}
	return 0;
}

/* A leaf starts where the record says, and ends before the next one starts. */
static bool leaf_in_place(const struct holdfast_record *record, u32 index,
			  const struct holdfast_extent_leaf *leaf)
{
	const struct holdfast_extent *last =
		&leaf->extents[le32_to_cpu(leaf->extent_count) - 1];

	return leaf->extents[0].file_offset ==
	       record->extents[index].file_offset &&
	       (index + 1 == le32_to_cpu(record->extent_count) ||
		le64_to_cpu(last->file_offset) + le64_to_cpu(last->length) <=
		le64_to_cpu(record->extents[index + 1].file_offset));
}

static int visit_leaf(struct holdfast_fs *fs,
		      const struct holdfast_record *record, u32 index,
		      holdfast_visit visit, void *context)
{
	const struct holdfast_extent *at = &record->extents[index];
	const struct holdfast_extent_leaf *leaf;
	int err;

	/* A record that is damaged is walked too. */
	if (!holdfast_extent_fits(&fs->records, at) ||
	    le64_to_cpu(at->length) != HOLDFAST_LEAF_RUN)
		return -EUCLEAN;
	err = visit(fs, at, true, context);
	if (err)
		return err;
	leaf = holdfast_leaf_get(&fs->records,
				 holdfast_region_at(&fs->region,
						    le64_to_cpu(at->region_offset)),
				 record);
	if (!leaf || !leaf_in_place(record, index, leaf))
		return -EUCLEAN;
	return visit_list(fs, leaf->extents, le32_to_cpu(leaf->extent_count),
			  visit, context);
}

/**
 * holdfast_store_walk() - visit all memory of a file
 * @fs: the file system
 * @record: the record of the file
 * @visit: called for each leaf before what is in it, and for each extent, in
 *	the order of the file
 * @context: for @visit
 *
 * Return: 0, what @visit returned, or -EUCLEAN if a leaf cannot be used.
 */
int holdfast_store_walk(struct holdfast_fs *fs,
			const struct holdfast_record *record,
			holdfast_visit visit, void *context)
{
	u32 i, count = min_t(u32, le32_to_cpu(record->extent_count),
			     HOLDFAST_RECORD_EXTENTS);
	int err;

	if (!record->leaves)
		return visit_list(fs, record->extents, count, visit, context);
	for (i = 0; i < count; i++) {
		err = visit_leaf(fs, record, i, visit, context);
		if (err)
			return err;
	}
	return 0;
}

static int add_extent(struct holdfast_fs *fs,
		      const struct holdfast_extent *extent, bool leaf,
		      void *runs)
{
	struct holdfast_run run = {
		.at = le64_to_cpu(extent->file_offset),
		.offset = le64_to_cpu(extent->region_offset),
		.length = le64_to_cpu(extent->length),
	};

	return leaf ? 0 : holdfast_runs_add(runs, &run);
}

static void set_bytes(struct inode *inode)
{
	const struct holdfast_record *record = &holdfast_inode(inode)->record;
	u64 bytes = holdfast_runs_bytes(&holdfast_inode(inode)->runs);

	if (record->leaves)
		bytes += (u64)le32_to_cpu(record->extent_count) *
			 HOLDFAST_LEAF_RUN;
	inode_set_bytes(inode, bytes);
}

/**
 * holdfast_store_load() - find out where the memory of a file is
 * @inode: the file, new, with its record
 *
 * Return: 0, -ENOMEM, or -EUCLEAN if a leaf was damaged since the mount.
 */
int holdfast_store_load(struct inode *inode)
{
	struct holdfast_inode *own = holdfast_inode(inode);
	int err;

	err = holdfast_store_walk(holdfast_fs(inode->i_sb), &own->record,
				  add_extent, &own->runs);
	if (!err)
		set_bytes(inode);
	return err;
}

static u64 alloc_leaf(struct holdfast_fs *fs)
{
	struct holdfast_wish wish = {
		.page = HOLDFAST_BLOCK_SIZE,
		.pools = HOLDFAST_ALL_POOLS,
	};
	u64 length = HOLDFAST_LEAF_RUN;
	u64 leaf = holdfast_space_alloc(&fs->space, &wish, &length);

	if (leaf && length < HOLDFAST_LEAF_RUN) {
		holdfast_space_free(&fs->space, leaf, length);
		return 0;
	}
	return leaf;
}

static u64 take_spare(struct holdfast_fs *fs)
{
	u32 i;

	for (i = 0; i < HOLDFAST_SPARE_LEAVES; i++)
		if (fs->spare[i]) {
			u64 leaf = fs->spare[i];

			fs->spare[i] = 0;
			return leaf;
		}
	return 0;
}

/**
 * holdfast_store_fill_spare() - keep leaves in reserve, if there is room
 * @fs: the file system, locked or not mounted yet
 */
void holdfast_store_fill_spare(struct holdfast_fs *fs)
{
	u32 i;

	for (i = 0; i < HOLDFAST_SPARE_LEAVES; i++)
		if (!fs->spare[i])
			fs->spare[i] = alloc_leaf(fs);
}

static void free_leaves(struct holdfast_fs *fs, const u64 *leaves, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		holdfast_space_free(&fs->space, leaves[i], HOLDFAST_LEAF_RUN);
}

/* Memory for new leaves, in fs->fresh. */
static int take_leaves(struct holdfast_fs *fs, u32 count, bool shrinks)
{
	u32 i;

	for (i = 0; i < count; i++) {
		fs->fresh[i] = alloc_leaf(fs);
		if (!fs->fresh[i] && shrinks)
			fs->fresh[i] = take_spare(fs);
		if (!fs->fresh[i]) {
			free_leaves(fs, fs->fresh, i);
			return -ENOSPC;
		}
	}
	return 0;
}

/**
 * struct plan - which leaves are replaced by which
 * @first: the first leaf that is replaced
 * @removed: how many are
 * @added: how many take their place
 * @from: index of the first run that goes into those
 * @to: index behind the last one
 */
struct plan {
	u32 first;
	u32 removed;
	u32 added;
	u32 from;
	u32 to;
};

static bool same_run(const struct holdfast_run *a, const struct holdfast_run *b)
{
	return a->at == b->at && a->offset == b->offset &&
	       a->length == b->length;
}

static u32 same_at_start(const struct holdfast_runs *a,
			 const struct holdfast_runs *b)
{
	u32 most = min(a->count, b->count), same = 0;

	while (same < most && same_run(&a->list[same], &b->list[same]))
		same++;
	return same;
}

static u32 same_at_end(const struct holdfast_runs *a,
		       const struct holdfast_runs *b, u32 most)
{
	u32 same = 0;

	while (same < most && same_run(&a->list[a->count - 1 - same],
				       &b->list[b->count - 1 - same]))
		same++;
	return same;
}

static u32 leaf_of(const struct holdfast_record *record,
		   const struct holdfast_run *run)
{
	u32 leaf = le32_to_cpu(record->extent_count) - 1;

	while (leaf && le64_to_cpu(record->extents[leaf].file_offset) > run->at)
		leaf--;
	return leaf;
}

/* Index of the first run that is in a leaf. */
static u32 first_in(const struct holdfast_record *record, u32 leaf,
		    const struct holdfast_runs *runs)
{
	if (leaf == le32_to_cpu(record->extent_count))
		return runs->count;
	return holdfast_runs_find(runs,
				  le64_to_cpu(record->extents[leaf].file_offset));
}

/* Put into @plan what is in the leaves that differ, and how many that takes. */
static void plan_change(struct plan *plan, const struct holdfast_record *record,
			const struct holdfast_runs *now,
			const struct holdfast_runs *next)
{
	u32 leaves = le32_to_cpu(record->extent_count);
	u32 start = same_at_start(now, next), last;
	u32 end = same_at_end(now, next, min(now->count, next->count) - start);
	u32 count;

	plan->first = leaf_of(record, &now->list[start ? start - 1 : 0]);
	last = plan->first;
	if (now->count - end > start)
		last = leaf_of(record, &now->list[now->count - end - 1]);
	plan->from = first_in(record, plan->first, now);
	plan->to = next->count - (now->count - first_in(record, last + 1, now));

	if (plan->to - plan->from < LEAF_FEW && last + 1 < leaves) {
		last++;
		plan->to = next->count -
			   (now->count - first_in(record, last + 1, now));
	} else if (plan->to - plan->from < LEAF_FEW && plan->first) {
		plan->first--;
		plan->from = first_in(record, plan->first, now);
	}
	plan->removed = last + 1 - plan->first;
	count = plan->to - plan->from;
	plan->added = count <= HOLDFAST_LEAF_EXTENTS ?
		      !!count : DIV_ROUND_UP(count, LEAF_FILL);
}

static void plan_all(struct plan *plan, const struct holdfast_record *record,
		     const struct holdfast_runs *next, u32 fill)
{
	plan->first = 0;
	plan->removed = record->leaves ? le32_to_cpu(record->extent_count) : 0;
	plan->from = 0;
	plan->to = next->count;
	plan->added = DIV_ROUND_UP(next->count, fill);
}

static int plan_leaves(struct plan *plan, const struct holdfast_record *record,
		       const struct holdfast_runs *now,
		       const struct holdfast_runs *next)
{
	u32 others = 0;

	if (record->leaves) {
		plan_change(plan, record, now, next);
		others = le32_to_cpu(record->extent_count) - plan->removed;
	} else {
		plan_all(plan, record, next, LEAF_FILL);
	}
	if (others + plan->added > HOLDFAST_RECORD_EXTENTS)
		plan_all(plan, record, next, HOLDFAST_LEAF_EXTENTS);
	return plan->added > HOLDFAST_RECORD_EXTENTS ? -EFBIG : 0;
}

static void to_extents(struct holdfast_extent *extents,
		       const struct holdfast_run *runs, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		extents[i] = (struct holdfast_extent) {
			.file_offset = cpu_to_le64(runs[i].at),
			.region_offset = cpu_to_le64(runs[i].offset),
			.length = cpu_to_le64(runs[i].length),
		};
}

/* Write the leaves of a plan, and let @record name them. */
static void write_leaves(struct holdfast_fs *fs, struct holdfast_record *record,
			 const struct plan *plan,
			 const struct holdfast_runs *next)
{
	u32 others = record->leaves ?
		     le32_to_cpu(record->extent_count) - plan->removed : 0;
	struct holdfast_extent *at = &record->extents[plan->first];
	u32 count = plan->to - plan->from, i;

	memmove(at + plan->added, at + plan->removed,
		(others - plan->first) * sizeof(*at));
	memset(&record->extents[others + plan->added], 0,
	       (HOLDFAST_RECORD_EXTENTS - others - plan->added) * sizeof(*at));
	for (i = 0; i < plan->added; i++) {
		u32 from = plan->from + count * i / plan->added;
		u32 to = plan->from + count * (i + 1) / plan->added;

		memset(&fs->leaf, 0, sizeof(fs->leaf));
		fs->leaf.extent_count = cpu_to_le32(to - from);
		to_extents(fs->leaf.extents, &next->list[from], to - from);
		holdfast_leaf_store(holdfast_region_at(&fs->region,
						       fs->fresh[i]),
				    &fs->leaf, record);
		at[i] = (struct holdfast_extent) {
			.file_offset = cpu_to_le64(next->list[from].at),
			.region_offset = cpu_to_le64(fs->fresh[i]),
			.length = cpu_to_le64(HOLDFAST_LEAF_RUN),
		};
	}
	record->leaves = cpu_to_le32(1);
	record->extent_count = cpu_to_le32(others + plan->added);
}

/* Remember in fs->stale which leaves a record is about to lose. */
static u32 note_stale(struct holdfast_fs *fs,
		      const struct holdfast_record *record, u32 first, u32 count)
{
	u32 i;

	if (!record->leaves)
		return 0;
	for (i = 0; i < count; i++)
		fs->stale[i] =
			le64_to_cpu(record->extents[first + i].region_offset);
	return count;
}

static u32 note_all_stale(struct holdfast_fs *fs,
			  const struct holdfast_record *record)
{
	return note_stale(fs, record, 0, le32_to_cpu(record->extent_count));
}

static void write_inline(struct holdfast_record *record,
			 const struct holdfast_runs *next)
{
	memset(record->extents, 0, sizeof(record->extents));
	to_extents(record->extents, next->list, next->count);
	record->leaves = 0;
	record->extent_count = cpu_to_le32(next->count);
}

static int write_plan(struct holdfast_fs *fs, struct holdfast_inode *own,
		      const struct holdfast_runs *next, bool shrinks, u32 *stale)
{
	struct plan plan;
	int err;

	if (!holdfast_sparse(fs))
		return -EFBIG;
	err = plan_leaves(&plan, &own->record, &own->runs, next);
	if (!err)
		err = take_leaves(fs, plan.added, shrinks);
	if (err)
		return err;
	*stale = note_stale(fs, &own->record, plan.first, plan.removed);
	write_leaves(fs, &own->record, &plan, next);
	return 0;
}

/**
 * holdfast_store_locked() - give a file other memory
 * @inode: the file; its runs are locked for writing, and so is the file system
 * @next: in: where its memory is from now on; out: where it was
 * @shrinks: nothing is added, so that it must not fail for want of memory
 *
 * When it returns 0, the change is on the region, together with the state of
 * the inode. What the file does not have any more is for the caller to free.
 *
 * Return: 0, -EFBIG (too many extents), -ENOSPC (no memory for leaves); then
 * nothing has changed.
 */
int holdfast_store_locked(struct inode *inode, struct holdfast_runs *next,
			  bool shrinks)
{
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	struct holdfast_inode *own = holdfast_inode(inode);
	u32 stale = 0;
	int err;

	lockdep_assert_held(&fs->lock);
	/* What has no name is not kept: it needs no extents on the region. */
	if (!inode->i_nlink) {
		stale = note_all_stale(fs, &own->record);
		own->record.leaves = 0;
		own->record.extent_count = 0;
	} else if (next->count <= HOLDFAST_RECORD_EXTENTS) {
		stale = note_all_stale(fs, &own->record);
		write_inline(&own->record, next);
	} else {
		err = write_plan(fs, own, next, shrinks, &stale);
		if (err)
			return err;
	}
	swap(own->runs, *next);
<#if kernel.fact("register_pfn_address_space") == "yes">
	holdfast_poison_update(inode);
</#if>
	set_bytes(inode);
	holdfast_inode_commit_locked(inode, HOLDFAST_NO_RECORD);
	free_leaves(fs, fs->stale, stale);
	if (own->record.leaves)
		holdfast_store_fill_spare(fs);
	return 0;
}

/**
 * holdfast_store_release_locked() - free all memory of a file that is gone
 * @inode: the file, linked nowhere; the file system is locked
 */
void holdfast_store_release_locked(struct inode *inode)
{
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	struct holdfast_inode *own = holdfast_inode(inode);
	u32 i;

	for (i = 0; i < own->runs.count; i++)
<#if devicePages>
		holdfast_quarantine_free(fs, own->runs.list[i].offset,
					 own->runs.list[i].length);
<#else>
		holdfast_space_free(&fs->space, own->runs.list[i].offset,
				    own->runs.list[i].length);
</#if>
	free_leaves(fs, fs->stale, note_all_stale(fs, &own->record));
	holdfast_runs_free(&own->runs);
}
