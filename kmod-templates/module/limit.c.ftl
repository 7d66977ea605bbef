// SPDX-License-Identifier: GPL-2.0-only
/* HOLDFAST_IOC_LIMIT: how much there may be below a directory. */
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/uaccess.h>

#include ${layout.uapi()}
#include "vfs.h"

static bool knows_limits(const struct holdfast_fs *fs)
{
	return le64_to_cpu(fs->superblock.ro_compat) & HOLDFAST_RO_COMPAT_LIMITS;
}

static void set_locked(struct inode *inode, const struct holdfast_limit_args *args)
{
	struct holdfast_inode *own = holdfast_inode(inode);

	own->record.limit_bytes = cpu_to_le64(args->limit_bytes);
	own->record.limit_files = cpu_to_le64(args->limit_files);
	holdfast_inode_commit_locked(inode, HOLDFAST_NO_RECORD);
	own->node->account->limit_bytes = args->limit_bytes;
	own->node->account->limit_files = args->limit_files;
}

static int set(struct file *file, const struct holdfast_limit_args *args)
{
	struct inode *inode = file_inode(file);
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!knows_limits(fs))
		return -EOPNOTSUPP;
	err = mnt_want_write_file(file);
	if (err)
		return err;
	inode_lock(inode);
	mutex_lock(&fs->lock);
	set_locked(inode, args);
	mutex_unlock(&fs->lock);
	inode_unlock(inode);
	mnt_drop_write_file(file);
	return 0;
}

static void tell(struct inode *inode, struct holdfast_limit_args *args)
{
	const struct holdfast_account *account;
	struct holdfast_fs *fs = holdfast_fs(inode->i_sb);

	mutex_lock(&fs->lock);
	account = holdfast_inode(inode)->node->account;
	args->limit_bytes = account->limit_bytes;
	args->limit_files = account->limit_files;
	args->used_bytes = account->bytes;
	args->used_files = account->files;
	mutex_unlock(&fs->lock);
}

/**
 * holdfast_limit() - HOLDFAST_IOC_LIMIT
 * @file: a directory of the region
 * @user: address of a struct holdfast_limit_args in user space
 *
 * A limit that is passed already stops what is below from growing.
 *
 * Return: 0, -ENOTDIR, -EPERM without CAP_SYS_ADMIN, -EOPNOTSUPP if the region
 * has not the feature, or another negative errno.
 */
int holdfast_limit(struct file *file, void __user *user)
{
	struct inode *inode = file_inode(file);
	struct holdfast_limit_args args;
	int err;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.size != sizeof(args) || args.flags & ~HOLDFAST_LIMIT_KNOWN)
		return -EINVAL;
	if (!S_ISDIR(inode->i_mode))
		return -ENOTDIR;
	if (args.flags & HOLDFAST_LIMIT_SET) {
		err = set(file, &args);
		if (err)
			return err;
	}
	tell(inode, &args);
	return copy_to_user(user, &args, sizeof(args)) ? -EFAULT : 0;
}
