<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/* The ranges of a region beside its first: added, opened, described. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/err.h>
#include <linux/mount.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include ${layout.uapi()}
#include "ranges.h"
#include "vfs.h"

/* Let files have what is in a range; the file system is locked, or not in use. */
static void open_range(struct holdfast_fs *fs, struct holdfast_region *range,
		       u32 node)
{
	u64 start = range->base - fs->region.base;

	holdfast_region_append(&fs->region, range);
	holdfast_space_add(&fs->space, start + HOLDFAST_RANGE_DATA_OFFSET,
			   start + range->size, node);
}

static int open_listed(struct holdfast_fs *fs,
		       const struct holdfast_range *listed)
{
	struct holdfast_region *range;

	range = holdfast_region_further(le64_to_cpu(listed->physical),
					le64_to_cpu(listed->size));
	if (IS_ERR(range))
		return PTR_ERR(range);
	if (!holdfast_range_head_ours(range->memory, &fs->superblock, listed)) {
		pr_err("0x%llx: refused: what is in its range 0x%llx+0x%llx is lost, it has no head of this region\n",
		       fs->region.base, range->base, range->size);
		holdfast_region_drop(range);
		return -EUCLEAN;
	}
	open_range(fs, range, le32_to_cpu(listed->node));
	return 0;
}

/**
 * holdfast_grow_open() - take all ranges of a region that is being mounted
 * @fs: the region, with its superblock; it has its first range, and its space
 *	is empty
 *
 * Nothing is written. What was taken is given up with the region.
 *
 * Return: 0, -EUCLEAN (a range is not what it was), or as
 * holdfast_region_claim(). All of it is said in the kernel log.
 */
int holdfast_grow_open(struct holdfast_fs *fs)
{
	const struct holdfast_superblock *sb = &fs->superblock;
	bool stored = le64_to_cpu(sb->incompat) & HOLDFAST_INCOMPAT_RANGES;
	u32 i;
	int err;

	holdfast_space_add(&fs->space, le64_to_cpu(sb->data_offset),
			   fs->region.size,
			   stored ? le32_to_cpu(sb->node) :
				    holdfast_region_node(fs->region.base));
	for (i = 0; i < holdfast_ranges_count(sb); i++) {
		err = open_listed(fs, &sb->ranges[i]);
		if (err)
			return err;
	}
	return 0;
}

/**
 * holdfast_grow_repair() - bring the heads of the ranges in step
 * @fs: the region, mounted for writing
 */
void holdfast_grow_repair(struct holdfast_fs *fs)
{
	struct holdfast_region *range;

	for (range = fs->region.next; range; range = range->next) {
		if (holdfast_range_head_in_step(range->memory))
			continue;
		pr_warn("0x%llx: one head of the range 0x%llx was bad, the other serves\n",
			fs->region.base, range->base);
		holdfast_watch_errors(&fs->watch, 1);
		holdfast_range_head_repair(range->memory);
	}
}

static int check_args(const struct holdfast_add_range_args *args,
		      const struct holdfast_superblock *sb)
{
	if (args->size != sizeof(*args) || args->reserved ||
	    args->flags & ~HOLDFAST_ADD_RANGE_KNOWN)
		return -EINVAL;
	if (holdfast_ranges_count(sb) == HOLDFAST_RANGES_MAX) {
		pr_err("0x%llx: refused: it has %u further ranges already\n",
		       le64_to_cpu(sb->base), HOLDFAST_RANGES_MAX);
		return -ENOSPC;
	}
	if (!holdfast_ranges_fit(sb, args->physical, args->length)) {
		pr_err("0x%llx+0x%llx: refused: a range of the region 0x%llx must lie above its first, overlap none and be aligned to 0x%llx\n",
		       args->physical, args->length, le64_to_cpu(sb->base),
		       HOLDFAST_REGION_ALIGN);
		return -EINVAL;
	}
	return 0;
}

/* May all that is in a range be lost? */
static int check_content(const struct holdfast_fs *fs,
			 const struct holdfast_region *range,
			 struct holdfast_superblock *scratch)
{
	const struct holdfast_range as_ours = {
		.physical = cpu_to_le64(range->base),
		.size = cpu_to_le64(range->size),
	};

	/* An addition that was stopped left a head, and nothing else. */
	if (holdfast_range_head_ours(range->memory, &fs->superblock, &as_ours))
		return 0;
	if (!holdfast_range_head_seen(range->memory) &&
	    holdfast_superblock_find(range->memory, range->base, scratch,
				     NULL) == HOLDFAST_ABSENT)
		return 0;
	pr_err("0x%llx+0x%llx: refused: there is a region already, or a range of one\n",
	       range->base, range->size);
	return -EEXIST;
}

static int check_range(const struct holdfast_fs *fs,
		       const struct holdfast_region *range, u32 flags)
{
	struct holdfast_superblock *scratch;
	int err;

	if (!holdfast_region_is_memory(range->base, range->size)) {
		pr_err("0x%llx+0x%llx: refused: the firmware does not list it as RAM\n",
		       range->base, range->size);
		return -ENXIO;
	}
	if (flags & HOLDFAST_ADD_RANGE_OVERWRITE)
		return 0;
	scratch = ${object("kmalloc", "scratch")};
	if (!scratch)
		return -ENOMEM;
	err = check_content(fs, range, scratch);
	kfree(scratch);
	return err;
}

/*
 * The head comes first: a region that lists a range without one has lost what
 * was in it.
 */
static int commit_range(struct holdfast_fs *fs, struct holdfast_region *range,
			u32 node)
{
	struct holdfast_superblock *sb = &fs->superblock;
	struct holdfast_range_head *head = ${object("kmalloc", "head")};

	if (!head)
		return -ENOMEM;
	holdfast_range_head_store(range->memory, head, sb, range->base,
				  range->size);
	kfree(head);
	if (!(le64_to_cpu(sb->incompat) & HOLDFAST_INCOMPAT_RANGES))
		holdfast_ranges_start(sb, fs->space.pools[0].node);
	holdfast_ranges_add(sb, range->base, range->size, node);
	holdfast_superblock_commit(fs->region.memory, sb);
	open_range(fs, range, node);
	return 0;
}

/* The list of what has struct pages is closed when they are made. */
static int check_pages(const struct holdfast_fs *fs)
{
	if (!holdfast_has_pages(fs))
		return 0;
	pr_err("0x%llx: refused: a range is added while the region is mounted with pages=none\n",
	       fs->region.base);
	return -EOPNOTSUPP;
}

static int add_locked(struct holdfast_fs *fs,
		      const struct holdfast_add_range_args *args)
{
	u32 node = args->node;
	struct holdfast_region *range;
	int err;

	err = check_args(args, &fs->superblock) ?: check_pages(fs);
	if (err)
		return err;
	range = holdfast_region_further(args->physical, args->length);
	if (IS_ERR(range))
		return PTR_ERR(range);
	if (node == HOLDFAST_NODE_UNKNOWN)
		node = holdfast_region_node(range->base);
	err = check_range(fs, range, args->flags);
	if (!err)
		err = commit_range(fs, range, node);
	if (err) {
		holdfast_region_drop(range);
		return err;
	}
	pr_info("0x%llx: range 0x%llx+0x%llx added, on node %d\n",
		fs->region.base, range->base, range->size, (int)node);
	return 0;
}

/**
 * holdfast_add_range() - HOLDFAST_IOC_ADD_RANGE
 * @file: any file or directory of the region
 * @user: address of a struct holdfast_add_range_args in user space
 *
 * When it returns 0, the range is on the list in the region, and files get
 * memory from it.
 *
 * Return: 0, -EPERM without CAP_SYS_ADMIN, -EINVAL (not aligned, or not above
 * the first range), -EEXIST (it is a region, or belongs to one), -ENOSPC (too
 * many ranges), -ENXIO (no memory), -EOPNOTSUPP (there are struct pages), or as
 * holdfast_region_claim().
 */
int holdfast_add_range(struct file *file, void __user *user)
{
	struct holdfast_fs *fs = holdfast_fs(file_inode(file)->i_sb);
	struct holdfast_add_range_args args;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	err = mnt_want_write_file(file);
	if (err)
		return err;
	mutex_lock(&fs->lock);
	err = add_locked(fs, &args);
	mutex_unlock(&fs->lock);
	mnt_drop_write_file(file);
	return err;
}

/**
 * holdfast_range_describe() - say what the superblock says of a range
 * @args: in: which range; out: where it is. It need not be there.
 * @sb: the superblock
 */
void holdfast_range_describe(struct holdfast_range_args *args,
			     const struct holdfast_superblock *sb)
{
	bool stored = le64_to_cpu(sb->incompat) & HOLDFAST_INCOMPAT_RANGES;
	u32 i = args->index;

	args->region_base = le64_to_cpu(sb->base);
	args->count = 1 + holdfast_ranges_count(sb);
	args->free = 0;
	args->largest = 0;
	if (i && i < args->count) {
		args->physical = le64_to_cpu(sb->ranges[i - 1].physical);
		args->length = le64_to_cpu(sb->ranges[i - 1].size);
		args->node = le32_to_cpu(sb->ranges[i - 1].node);
	} else {
		args->physical = le64_to_cpu(sb->base);
		args->length = le64_to_cpu(sb->size);
		args->node = stored ? le32_to_cpu(sb->node) :
				      HOLDFAST_NODE_UNKNOWN;
	}
}

static int describe_locked(const struct holdfast_fs *fs,
			   struct holdfast_range_args *args)
{
	holdfast_range_describe(args, &fs->superblock);
	if (args->index >= args->count)
		return -EINVAL;
	args->node = fs->space.pools[args->index].node;
	args->free = fs->space.pools[args->index].free;
	args->largest = holdfast_space_largest(&fs->space, BIT(args->index));
	return 0;
}

/**
 * holdfast_range() - HOLDFAST_IOC_RANGE on a mounted region
 * @file: any file or directory of the region
 * @user: address of a struct holdfast_range_args in user space
 *
 * Return: 0, -EINVAL (no such range), -EFAULT.
 */
int holdfast_range(struct file *file, void __user *user)
{
	struct holdfast_fs *fs = holdfast_fs(file_inode(file)->i_sb);
	struct holdfast_range_args args;
	int err;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.size != sizeof(args))
		return -EINVAL;
	mutex_lock(&fs->lock);
	err = describe_locked(fs, &args);
	mutex_unlock(&fs->lock);
	if (err)
		return err;
	return copy_to_user(user, &args, sizeof(args)) ? -EFAULT : 0;
}
