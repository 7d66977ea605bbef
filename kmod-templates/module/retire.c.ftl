<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/* Take a page out of use, for good: as asked for by ioctl, or after a memory error. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/printk.h>
#include <linux/uaccess.h>

#include ${layout.uapi()}
#include "ranges.h"
#include "retired.h"
#include "vfs.h"

static bool is_retired(const struct holdfast_fs *fs, u64 page)
{
	return holdfast_retired_next(&fs->superblock, page,
				     page + HOLDFAST_BLOCK_SIZE) == page;
}

/* The page is not free, or is taken. */
static int list_locked(struct holdfast_fs *fs, u64 page)
{
	bool added;

	down_write(&fs->retired_lock);
	added = holdfast_retired_add(&fs->superblock, page);
	up_write(&fs->retired_lock);
	return added ? 0 : -ENOSPC;
}

static int retire_locked(struct holdfast_fs *fs, u64 page)
{
	struct holdfast_superblock *sb = &fs->superblock;
	int err = list_locked(fs, page);

	if (err)
		return err;
	sb->ro_compat |= cpu_to_le64(HOLDFAST_RO_COMPAT_RETIRED);
	holdfast_superblock_commit(fs->region.memory, sb);
	pr_warn("0x%llx: page 0x%llx retired, %llu bytes are\n",
		fs->region.base, fs->region.base + page,
		holdfast_retired_bytes(sb));
	return 0;
}

/* The page is the caller's. */
static int retire_taken(struct holdfast_fs *fs, u64 page)
{
	int err = retire_locked(fs, page);

	if (err)
		holdfast_space_free(&fs->space, page, HOLDFAST_BLOCK_SIZE);
	return err;
}

static int retire_free(struct holdfast_fs *fs, u64 page)
{
	int err;

	mutex_lock(&fs->lock);
	if (!holdfast_ranges_have(&fs->superblock, page))
		err = -EINVAL;
	else if (is_retired(fs, page))
		err = 0;
	else if (holdfast_space_take(&fs->space, page, HOLDFAST_BLOCK_SIZE))
		err = -EBUSY;
	else
		err = retire_taken(fs, page);
	mutex_unlock(&fs->lock);
	return err;
}

/* A stop between the two commits leaves a page that is free and not retired. */
static int retire_content(struct inode *inode, u64 page)
{
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	int err;

	inode_lock(inode);
	err = holdfast_content_leave(inode, page);
	if (!err) {
		mutex_lock(&fs->lock);
		err = retire_taken(fs, page);
		mutex_unlock(&fs->lock);
	}
	inode_unlock(inode);
	return err;
}

/**
 * holdfast_retire() - HOLDFAST_IOC_RETIRE
 * @file: any file or directory of the region
 * @user: address of a struct holdfast_retire_args in user space
 *
 * When it returns 0, the page is on the list in the region. It does not matter
 * if it was before.
 *
 * Return: 0, -EPERM without CAP_SYS_ADMIN, -EINVAL if the region has no such
 * page, -EBUSY if it is neither free nor content of @file, or may be pinned,
 * -ENOSPC if its content has no other place or the list no room, or another
 * negative errno.
 */
int holdfast_retire(struct file *file, void __user *user)
{
	struct inode *inode = file_inode(file);
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	struct holdfast_retire_args args;
	u64 page;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	page = args.physical - fs->region.base;
	if (args.size != sizeof(args) || args.reserved ||
	    args.physical < fs->region.base || page % HOLDFAST_BLOCK_SIZE)
		return -EINVAL;
	err = mnt_want_write_file(file);
	if (err)
		return err;
	err = retire_free(fs, page);
	if (err == -EBUSY && S_ISREG(inode->i_mode))
		err = retire_content(inode, page);
	mnt_drop_write_file(file);
	return err;
}
<#if toldErrors>

static int lose_locked(struct super_block *sb, u64 page)
{
	struct holdfast_fs *fs = holdfast_fs(sb);

	holdfast_watch_errors(&fs->watch, 1);
	if (!holdfast_ranges_hold(&fs->superblock, page, HOLDFAST_BLOCK_SIZE))
		return -EIO;
	/* If it is free, no file gets it from now on, whether it is listed or not. */
	holdfast_space_take(&fs->space, page, HOLDFAST_BLOCK_SIZE);
	/* What is mounted read-only is not written to, but has it too. */
	return sb_rdonly(sb) ? list_locked(fs, page) : retire_locked(fs, page);
}

/**
 * holdfast_retire_lost() - retire a page that a memory error hit
 * @sb: the file system
 * @page: offset of the page in the region, in bytes
 *
 * A file that had it keeps its place: reading there gives EIO, and a mapping
 * SIGBUS, until the file gives the place back.
 *
 * Return: 0, also if it was retired before, -EIO if it is none that a file could
 * have, or -ENOSPC if the list has no room.
 */
int holdfast_retire_lost(struct super_block *sb, u64 page)
{
	struct holdfast_fs *fs = holdfast_fs(sb);
	int err = 0;

	mutex_lock(&fs->lock);
	if (!is_retired(fs, page))
		err = lose_locked(sb, page);
	mutex_unlock(&fs->lock);
	if (err)
		pr_err("0x%llx: page 0x%llx is bad, but %s\n", fs->region.base,
		       fs->region.base + page,
		       err == -EIO ? "the tables are there" :
				     "no room to remember it");
	holdfast_content_lose(sb, page);
	return err;
}
</#if>
