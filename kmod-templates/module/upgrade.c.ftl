// SPDX-License-Identifier: GPL-2.0-only
/* HOLDFAST_IOC_UPGRADE: let a region use features that it was made without. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/printk.h>
#include <linux/uaccess.h>

#include ${layout.uapi()}
#include "ranges.h"
#include "vfs.h"

static bool known(const struct holdfast_upgrade_args *args)
{
	return !(args->compat & ~HOLDFAST_COMPAT_KNOWN) &&
	       !(args->ro_compat & ~HOLDFAST_RO_COMPAT_KNOWN) &&
	       !(args->incompat & ~HOLDFAST_INCOMPAT_KNOWN);
}

static void upgrade_locked(struct super_block *sb,
			   const struct holdfast_upgrade_args *args)
{
	struct holdfast_fs *fs = holdfast_fs(sb);
	struct holdfast_superblock *own = &fs->superblock;

	if (args->incompat & ~le64_to_cpu(own->incompat) &
	    HOLDFAST_INCOMPAT_RANGES)
		holdfast_ranges_start(own, fs->space.pools[0].node);
	own->compat |= cpu_to_le64(args->compat);
	own->ro_compat |= cpu_to_le64(args->ro_compat);
	own->incompat |= cpu_to_le64(args->incompat);
	holdfast_superblock_commit(fs->region.memory, own);
	if (args->incompat & HOLDFAST_INCOMPAT_SPARSE) {
		fs->records.sparse = true;
		sb->s_maxbytes = HOLDFAST_FILE_MAX;
	}
	pr_info("0x%llx: upgraded, features are 0x%llx, 0x%llx, 0x%llx\n",
		fs->region.base, le64_to_cpu(own->compat),
		le64_to_cpu(own->ro_compat), le64_to_cpu(own->incompat));
}

/**
 * holdfast_upgrade() - HOLDFAST_IOC_UPGRADE
 * @file: any file or directory of the region
 * @user: address of a struct holdfast_upgrade_args in user space
 *
 * The one commit is that of the superblock. Nothing is ever taken away: what is
 * in the region may use it.
 *
 * Return: 0, -EPERM without CAP_SYS_ADMIN, -EOPNOTSUPP for a feature that this
 * module does not know, or another negative errno.
 */
int holdfast_upgrade(struct file *file, void __user *user)
{
	struct super_block *sb = file_inode(file)->i_sb;
	struct holdfast_fs *fs = holdfast_fs(sb);
	struct holdfast_upgrade_args args;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.size != sizeof(args) || args.reserved)
		return -EINVAL;
	if (!known(&args))
		return -EOPNOTSUPP;
	err = mnt_want_write_file(file);
	if (err)
		return err;
	mutex_lock(&fs->lock);
	upgrade_locked(sb, &args);
	args.compat = le64_to_cpu(fs->superblock.compat);
	args.ro_compat = le64_to_cpu(fs->superblock.ro_compat);
	args.incompat = le64_to_cpu(fs->superblock.incompat);
	mutex_unlock(&fs->lock);
	mnt_drop_write_file(file);
	return copy_to_user(user, &args, sizeof(args)) ? -EFAULT : 0;
}
